"""Which files a list of paths means, and in which order."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from api.cli.walking import each_file, each_path
from models.settings import Settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.pdf", "a.pdf", "inner/c.jpg", ".DS_Store", "inner/~$c.xlsx", "inner/Thumbs.db", "d.pdf.part"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"content of " + name.encode())
    return tmp_path


def test_a_folder_is_walked_in_order_without_clutter(folder: Path) -> None:
    assert list(each_path([folder])) == [folder / "a.pdf", folder / "b.pdf", folder / "inner/c.jpg"]


def test_the_order_of_the_arguments_is_kept(folder: Path) -> None:
    assert list(each_path([folder / "b.pdf", folder / "a.pdf"])) == [folder / "b.pdf", folder / "a.pdf"]


def test_a_path_that_does_not_exist_is_handed_on_to_be_reported(folder: Path) -> None:
    assert list(each_path([folder / "no.pdf"])) == [folder / "no.pdf"]


def test_an_archive_stands_for_its_members(folder: Path) -> None:
    archive = folder / "all.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("x/y.pdf", b"%PDF-1.7")
        packed.writestr("z.xml", b"<z/>")
    found = list(each_file([archive], Settings()))
    assert [(f.source, f.content) for f in found] == [
        (f"{archive}/x/y.pdf", b"%PDF-1.7"),
        (f"{archive}/z.xml", b"<z/>"),
    ]


def test_a_broken_archive_is_one_error(folder: Path) -> None:
    archive = folder / "broken.zip"
    archive.write_bytes(b"PK\x03\x04 and then nothing")
    [found] = each_file([archive], Settings())
    assert found.source == str(archive)
    assert found.error is not None
    assert found.error.code == "archive_damaged"
