"""The demo: every sample ends as its truth says, and one photo can be looked at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

import samples
from tests.api.cli.conftest import Chapiao


@pytest.mark.ocr
def test_the_samples_end_as_their_truth_says(tmp_path: Path) -> None:
    chapiao = Chapiao(tmp_path)
    done = chapiao("demo", "--folder", tmp_path / "out")
    assert done.code == 0, done.err
    truths = [json.loads(line) for line in (samples.FINISHED / "manifest.jsonl").read_text("utf-8").splitlines()]
    assert f"{len(truths)}/{len(truths)}" in done.out, done.err
    assert all(truth["file"] in done.out for truth in truths)
    with Image.open(tmp_path / "out/annotated.jpg") as picture:
        assert picture.width > 1000


def test_a_folder_that_the_demo_did_not_make_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "invoice.pdf").write_bytes(b"precious")
    done = Chapiao(tmp_path)("demo", "--folder", mine)
    assert (done.code, "target_not_empty" in done.err) == (2, True)
    assert (mine / "invoice.pdf").read_bytes() == b"precious"
