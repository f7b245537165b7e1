"""`extract`: one JSON line per invoice or unreadable file, in the order of the files, on a clean standard output."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

import samples
from models.invoice import COMMON_FIELDS
from tests.api.cli.conftest import Chapiao

XML = samples.FINISHED / "03-digital-special.xml"
OFD = samples.FINISHED / "05-special-e.ofd"
PDF = samples.FINISHED / "01-digital-ordinary.pdf"


def truth(file: Path) -> dict[str, str]:
    for line in (samples.FINISHED / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        found = json.loads(line)
        if found["file"] == file.name:
            return dict(found["truth"])
    raise LookupError(file)


def test_every_medium_in_the_order_given_with_errors_in_their_place(chapiao: Chapiao, tmp_path: Path) -> None:
    empty, text = tmp_path / "empty.pdf", tmp_path / "note.pdf"
    empty.touch()
    text.write_text("not a PDF at all")
    done = chapiao("extract", XML, empty, PDF, tmp_path / "gone.jpg", OFD, text, CHAPIAO_WORKERS="2")
    assert [line["source"] for line in done.lines] == [
        str(p) for p in (XML, empty, PDF, tmp_path / "gone.jpg", OFD, text)
    ]
    errors = [line.get("error", {}).get("code") for line in done.lines]
    assert errors == [None, "empty_file", None, "not_found", None, "unsupported_type"]
    assert done.code == 1
    for line, file in ((done.lines[0], XML), (done.lines[2], PDF), (done.lines[4], OFD)):
        for name in ("invoice_number", "issue_date", "seller_name", "total_incl_tax"):
            assert line["fields"][name]["value"] == truth(file)[name], (file.name, name)


def test_a_line_is_as_the_contract_says(chapiao: Chapiao) -> None:
    done = chapiao("extract", XML, "--format", "jsonl")
    assert done.code == 0
    [line] = done.lines
    assert {"source", "index", "pages", "kind", "fields", "lines", "checks", "needs_review"} <= line.keys()
    assert list(line["fields"])[: len(COMMON_FIELDS)] == list(COMMON_FIELDS)
    number = line["fields"]["invoice_number"]
    assert {"value", "confidence", "source", "status", "box", "agrees", "raw"} <= number.keys()
    assert (number["source"], number["status"]) == ("xml", "accepted")


def test_folders_are_walked_and_archives_opened(chapiao: Chapiao, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    shutil.copy(XML, folder / "b.xml")
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(XML, "发票/一.xml")
    done = chapiao("extract", folder)
    assert [line["source"] for line in done.lines] == [f"{folder}/a.zip/发票/一.xml", str(folder / "b.xml")]
    assert [line["fields"]["invoice_number"]["value"] for line in done.lines] == [truth(XML)["invoice_number"]] * 2


def test_nothing_is_left_behind(chapiao: Chapiao, tmp_path: Path) -> None:
    chapiao("extract", XML)
    assert not (tmp_path / "data").exists()


def test_the_table_is_for_people(chapiao: Chapiao) -> None:
    done = chapiao("extract", XML, "--format", "table")
    assert done.code == 0
    assert truth(XML)["invoice_number"] in done.out


@pytest.mark.parametrize("arguments", [["extract"], ["extract", "a.pdf", "--format", "yaml"], ["no-such-command"]])
def test_wrong_use_is_exit_code_2(chapiao: Chapiao, arguments: list[str]) -> None:
    done = chapiao(*arguments)
    assert (done.code, done.out) == (2, "")


def test_wrong_settings_are_exit_code_2_with_the_name_of_the_setting(chapiao: Chapiao) -> None:
    done = chapiao("extract", XML, CHAPIAO_WORKERS="none")
    assert done.code == 2
    assert "CHAPIAO_WORKERS" in done.err


def test_a_reader_that_stops_early_is_no_traceback(chapiao: Chapiao, tmp_path: Path) -> None:
    import subprocess

    from tests.api.cli.conftest import CHAPIAO

    files = [str(XML)] * 8
    process = subprocess.Popen(
        [*CHAPIAO, "extract", *files], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=chapiao.environment()
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 1
    assert b"Traceback" not in errors
