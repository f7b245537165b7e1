"""Content is taken apart as pdfminer takes it apart, or left to pdfminer."""

from __future__ import annotations

from typing import Any

import pytest
from pdfminer.pdfinterp import PDFContentParser
from pdfminer.pdftypes import PDFStream
from pdfminer.psexceptions import PSEOF

from capture import pdf_content
from capture.pdf_content import operations


def by_pdfminer(data: bytes) -> list[Any]:
    parser = PDFContentParser([PDFStream({}, data)])
    found = []
    while True:
        try:
            found.append(parser.nextobject()[1])
        except PSEOF:
            return found


@pytest.mark.parametrize(
    "data",
    [
        b"q 1 0 0 1 72.5 -.25 cm BT /F1 9 Tf 12 Tr (\xd6\xd0) Tj ET Q",
        b"[(A)-120(B) 3.5<4142 4>]TJ T* 0.5 g f* b* (a)' 1 2 (b)\"",
        b"(\\050\\)\\n\\1239\\\r\n\\q\\8\\\\) Tj (line\r\nbreak) Tj",
        b"/OC /MC0 BDC /Span <</ActualText<FEFF4E2D>/MCID 3 /Deep [1 <</A true>>]>> BDC EMC",
        b"1.5.3 5. +5 007 1-2 12Tf -0.0 1e5 null false\x00\x00 7 >",
        b"% a comment ( [ <<\r1 0 0 rg %another",
        b"<< /A <48>>> <> ()  [] <<>> /",
    ],
)
def test_operands_and_operators_are_those_of_pdfminer(data: bytes) -> None:
    found = operations(data)
    assert found is not None
    assert [(type(each), each) for each in found] == [(type(each), each) for each in by_pdfminer(data)]


@pytest.mark.parametrize(
    "data",
    [
        b"BI /W 1 /H 1 ID \xff\xff EI Q",
        b"((nested) brackets) Tj",
        b"(open",
        b"[1 2",
        b"1 2]",
        b"<</A 1] >>",
        b"<</A 1 /B>>",
        b"[(a) Tj]",
        b"{1 2}",
        b"/F#31 9 Tf",
        b"--5 0 Td",
        b"(\\777) Tj",
        b"9" * 5000 + b" g",
    ],
)
def test_what_is_out_of_the_ordinary_is_left_to_pdfminer(data: bytes) -> None:
    assert operations(data) is None


def test_very_long_content_is_left_to_pdfminer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_content, "MOST", 10)
    assert operations(b"0 0 m 1 1 l S") is None
    assert operations(b"0 0 m") is not None
