"""Memory of one reading process over many documents: does it stay flat, and under how much.

    python -m tests.bench.memory [--count 500] [--every 25] [--folder samples/finished] [--engine auto]

Reads the documents of the folder (PDF, OFD, XML, pictures) again and again in one process, without the replacement
that a worker does after so many documents. Every picture comes at another size each time, because native runtimes keep
kernels for each shape they have seen. Prints resident memory along the way; the last lines say peak and growth.
"""

from __future__ import annotations

import argparse
import io
import itertools
import os
import resource
import time
from pathlib import Path

import numpy as np
from PIL import Image

from capture.cleanup import CleanupOptions
from capture.limits import Limits
from capture.opening import open_document
from extraction import extract
from extraction.ocr.loading import load_engine
from models.errors import ChapiaoError
from models.settings import Settings
from tests.bench.reading import FINISHED, documents

PICTURES = (".jpg", ".jpeg", ".png")
SMALLEST, LARGEST = 0.6, 1.1  #: of the picture's own size
WARM = 0.25  #: part of the run after which models and the usual shapes are loaded: growth is counted from there


def resident_mib() -> float:
    """Resident memory of this process now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def content(path: Path, chance: np.random.Generator) -> bytes:
    """The file; a picture at another size."""
    if path.suffix.lower() not in PICTURES:
        return path.read_bytes()
    with Image.open(path) as image:
        wide, high = (max(64, round(side * chance.uniform(SMALLEST, LARGEST))) for side in image.size)
        buffer = io.BytesIO()
        image.convert("RGB").resize((wide, high)).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--every", type=int, default=25)
    parser.add_argument("--folder", type=Path, default=FINISHED)
    parser.add_argument("--engine", default="auto")
    asked = parser.parse_args()
    settings = Settings(ocr_engine=asked.engine)
    engine = load_engine(settings)
    limits, cleanup = Limits.from_settings(settings), CleanupOptions.from_settings(settings)
    chance = np.random.default_rng(7)
    files = documents([asked.folder])
    seen: list[float] = []
    print(f"engine {engine.name}; {resident_mib():.0f} MiB with the models loaded")  # noqa: T201
    for number, path in enumerate(itertools.islice(itertools.cycle(files), asked.count), start=1):
        start = time.process_time()
        try:
            opened = open_document(
                content(path, chance), path.name, limits=limits, cleanup=cleanup, upright=engine.upright
            )
            extract(opened, engine)
        except ChapiaoError as error:
            print(f"{path.name}: {error.code}")  # noqa: T201
        seen.append(resident_mib())
        if number % asked.every == 0:
            spent = time.process_time() - start
            print(f"{number:5} documents {seen[-1]:7.0f} MiB  last {path.name} {spent:.2f} CPU s", flush=True)  # noqa: T201
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    warm = seen[round(WARM * len(seen))] if seen else 0.0
    print(f"peak {peak:.0f} MiB; {seen[-1] - warm:+.0f} MiB since document {round(WARM * len(seen)) + 1}")  # noqa: T201


if __name__ == "__main__":
    main()
