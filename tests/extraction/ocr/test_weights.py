"""Weights are found in an installed package and refused when they are not what they should be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from extraction.ocr import weights
from models.errors import DocumentError


@pytest.mark.parametrize(
    "wanted",
    [weights.DETECTION, weights.RECOGNITION, weights.SECOND_RECOGNITION, weights.ORIENTATION],
    ids=lambda w: w.name,
)
def test_every_model_is_in_the_installed_package_with_its_checksum(wanted: weights.Weights) -> None:
    assert weights.locate(wanted).onnx.is_file()


def test_a_changed_model_is_refused() -> None:
    with pytest.raises(DocumentError) as caught:
        weights.locate(replace(weights.DETECTION, sha256="0" * 64))
    assert caught.value.code == "model_changed"


def test_a_missing_model_says_which() -> None:
    with pytest.raises(DocumentError) as caught:
        weights.locate(replace(weights.DETECTION, onnx="models/none.onnx"))
    assert caught.value.code == "model_missing"
    assert "PP-OCRv6_small_det" in str(caught.value)


def test_the_alphabet_has_digits_capitals_and_the_characters_of_money() -> None:
    alphabet = set(weights.locate(weights.RECOGNITION).alphabet())
    assert set("0123456789ABCDEFGHJKLMNPQRTUWXY¥.,%*-()零壹贰叁肆伍陆柒捌玖拾佰仟万亿圆角分整") <= alphabet


def test_the_second_recogniser_knows_the_characters_of_names_too() -> None:
    alphabet = weights.locate(weights.SECOND_RECOGNITION).alphabet()
    assert len(alphabet) == 18384
    assert set("北京市有限公司（）") <= set(alphabet)


def test_a_model_folder_for_the_official_interface_is_built_once(tmp_path: Path) -> None:
    files = weights.locate(weights.DETECTION)
    folder = weights.model_folder(files, tmp_path)
    assert {p.name for p in folder.iterdir()} == {"inference.onnx", "inference.yml"}
    before = (folder / "inference.onnx").stat().st_mtime_ns
    assert (weights.model_folder(files, tmp_path) / "inference.onnx").stat().st_mtime_ns == before
