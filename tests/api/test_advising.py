"""Advice comes back with the upload, from a process of its own; without it the upload goes on."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from api import advising
from models.settings import Settings


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    path = tmp_path / "0"
    path.write_bytes(cv2.imencode(".jpg", np.full((600, 800, 3), 90, np.uint8))[1].tobytes())
    return path


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advising, "SECONDS", 60.0)  # a busy machine is no fault of the code


def test_a_picture_is_advised_on_and_others_are_not(blank: Path, tmp_path: Path) -> None:
    table = tmp_path / "1"
    table.write_bytes(b"<?xml version='1.0'?><a/>")
    broken = tmp_path / "2"
    broken.write_bytes(b"\xff\xd8\xff\xe0 no picture")
    found = advising.advise_on([blank, table, None, broken], Settings(data=tmp_path / "data"))
    assert [[each.code for each in advice] for advice in found] == [["no_paper"], [], [], []]


def test_many_files_at_once_are_not_kept_waiting(blank: Path, tmp_path: Path) -> None:
    found = advising.advise_on([blank] * 20, Settings(data=tmp_path / "data"))
    assert len(found) == 20
    assert [bool(advice) for advice in found] == [True] * advising.MOST_FILES + [False] * (20 - advising.MOST_FILES)


def test_no_time_no_advice(blank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advising, "SECONDS", 0.001)
    advising.close()
    assert advising.advise_on([blank], Settings(data=tmp_path / "data")) == [()]
