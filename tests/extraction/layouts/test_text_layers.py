"""Text layers: believed where they can be, else the reason why not. Finished samples as a whole."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from capture.cleanup import CleanupOptions
from capture.limits import Limits
from capture.opening import open_document
from extraction import extract
from extraction.reading import Reading
from extraction.text_reader import UNREAD_FILE, Distrust, TextReader, distrust, less_sure
from models.evidence import Evidence, Source
from models.invoice import KEY_FIELDS
from models.pages import DOUBTED, OpenedDocument, PageBox
from models.settings import Settings
from tests.extraction.layouts.drawing import Drawing, fill_old_form, old_form

FINISHED = Path(__file__).parents[3] / "samples" / "finished"
ROWS = [json.loads(line) for line in (FINISHED / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
LAYERED = [row for row in ROWS if row["medium"] in ("pdf-text", "ofd")]


def opened(name: str, changed: Callable[[bytes], bytes] = bytes) -> OpenedDocument:
    settings = Settings()
    data = changed((FINISHED / name).read_bytes())
    return open_document(
        data, name, limits=Limits.from_settings(settings), cleanup=CleanupOptions.from_settings(settings)
    )


@pytest.mark.parametrize("row", LAYERED, ids=lambda row: row["id"])
def test_every_key_field_and_every_line_of_a_finished_sample_is_read(row: dict) -> None:  # type: ignore[type-arg]
    (reading,) = TextReader().read(opened(row["file"]))
    assert reading.kind is not None
    assert reading.kind.value == row["kind"]
    assert {n: reading.first(n) for n in KEY_FIELDS} == {n: row["truth"][n] for n in KEY_FIELDS}
    found = [(line.amount_excl_tax, line.tax_amount) for line in reading.lines]
    assert found == [(line["amount_excl_tax"], line["tax_amount"]) for line in row["truth"]["lines"]]


def test_a_good_layer_is_believed() -> None:
    assert distrust(fill_old_form(old_form()).page()) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Created with a free trial", Distrust.EMPTY),
        ("\ufffd" * 30 + "发票号码金额20240101123456", Distrust.FOREIGN),
        ("Itinerary for your trip on 2024-01-01, booking 123456789 total 12.00", Distrust.NO_CHINESE),
        ("发票号码开票日期购买方名称纳税人识别号货物或应税劳务名称金额税率税额合计", Distrust.NO_DIGITS),
        ("锟斤拷烫烫烫屯屯屯锟斤拷锟斤拷锟斤拷锟斤拷锟斤拷20240101123456", Distrust.NO_LABELS),
    ],
)
def test_a_layer_that_lies_is_named_with_its_reason(text: str, reason: Distrust) -> None:
    assert distrust(Drawing().put(0.1, 0.1, text).page()) is reason


def misnamed(data: bytes) -> bytes:
    """The same pages to look at; every embedded font calls the characters of names and words by other ones."""
    with pikepdf.open(io.BytesIO(data)) as document:
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item:
                told = item.ToUnicode.read_bytes()
                item.ToUnicode.write(re.sub(rb"<[5-7][0-9A-F]{3}>(?=\s)", b"<0041>", told, count=20) + b" ")
                item.ToUnicode.write(item.ToUnicode.read_bytes().replace(b"<0041>", b"<00FF>", 1))
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


@pytest.mark.parametrize("row", [row for row in LAYERED if row["medium"] == "pdf-text"], ids=lambda row: row["id"])
def test_no_value_in_a_font_that_misnames_its_glyphs_is_accepted(row: dict) -> None:  # type: ignore[type-arg]
    """Only labels and digits in other fonts are left; without an engine what was doubted is missing, not wrong."""
    document = opened(row["file"], misnamed)
    assert all(reading.torn for reading in TextReader().read(document))
    for invoice in extract(document, None):
        for name in KEY_FIELDS:
            assert invoice.accepted(name) in (None, row["truth"][name])
        assert [line.item_name for line in invoice.lines] in ([], [line["item_name"] for line in row["truth"]["lines"]])


def test_what_is_recognised_where_print_is_displaced_is_not_used_unseen() -> None:
    here, aside = PageBox(1, 0.2, 0.30, 0.5, 0.33), PageBox(1, 0.2, 0.60, 0.5, 0.63)
    told = {
        name: (Evidence(source=Source.OCR, value="某某公司", raw="某某公司", confidence=0.99, box=box),)
        for name, box in (("buyer_name", here), ("seller_name", aside))
    }
    reading = Reading(source=Source.OCR, fields=told)
    less = less_sure(reading, [PageBox(1, 0.49, 0.29, 0.52, 0.34)])
    assert [e.confidence for found in less.fields.values() for e in found] == [DOUBTED, 0.99]
    assert less_sure(replace(reading, source=Source.PDF), [here]).fields == told


def test_an_invoice_inside_a_pdf_that_is_not_read_with_it_is_told_of() -> None:
    def with_file(data: bytes) -> bytes:
        document, buffer = pikepdf.open(io.BytesIO(data)), io.BytesIO()
        for name, content in (("a.ofd", b"PK\x03\x04..."), ("b.xml", b"<a/>")):
            document.attachments[name] = pikepdf.AttachedFileSpec(document, content, filename=name)
        document.save(buffer)
        return buffer.getvalue()

    name = next(row["file"] for row in LAYERED if row["medium"] == "pdf-text")
    (invoice,) = extract(opened(name, with_file), None)
    assert UNREAD_FILE.format(name="a.ofd") in invoice.notes
    assert not any("b.xml" in note for note in invoice.notes)
