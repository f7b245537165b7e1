"""Blank cells read from the picture: what is taken, and everything that must stay blank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import pytest

from extraction.cell_reading import fill_blank_cells
from extraction.ocr.engine import RecognisedLine
from extraction.reading import TOTAL_ROW, BlankCell, Reading
from models.evidence import Evidence, Source
from models.invoice import Line
from models.pages import Box, Picture, Pixels, Token

CELL = Box(100, 40, 200, 90)


class Reader:
    """Says what it is told of every cut, and keeps the cuts it was shown."""

    name = "told"
    alphabet: Sequence[str] = ()

    def __init__(self, *texts: tuple[str, float]) -> None:
        self.texts = texts
        self.shown: list[Pixels] = []

    def read(self, picture: Pixels) -> list[Token]:
        raise AssertionError("cells are read without detection")

    def read_lines(self, pictures: Sequence[Pixels]) -> list[RecognisedLine]:
        self.shown.extend(pictures)
        return [RecognisedLine(*self.texts[i % len(self.texts)]) for i in range(len(pictures))]

    def second_opinion(self, pictures: Sequence[Pixels]) -> list[RecognisedLine]:
        raise AssertionError("cells need none")

    def upright(self, picture: Pixels) -> int:
        return 0


def page(*marks: Box, grey: int = 30) -> Picture:
    pixels = np.full((200, 400, 3), 250, np.uint8)
    for mark in marks:
        corners = (round(mark.x0), round(mark.y0)), (round(mark.x1) - 1, round(mark.y1) - 1)
        cv2.rectangle(pixels, *corners, (grey, grey, grey), -1)
    return Picture(pixels, pixels)


PRINT = Box(140, 50, 158, 80)


def filled(column: str, picture: Picture, *texts: tuple[str, float], **cells: str) -> Line:
    printed: dict[str, Any] = {"unit_price": "12.50", "amount_excl_tax": "25.00", **cells}
    line = Line(**printed, confidence=0.98)
    reading = Reading(source=Source.OCR, lines=(line,), blank_cells=(BlankCell(0, column, CELL),))
    return fill_blank_cells(reading, picture, Reader(*texts)).lines[0]


def test_a_quantity_that_makes_the_amount_is_taken_with_its_own_confidence() -> None:
    line = filled("quantity", page(PRINT), ("2", 0.95))
    assert (line.quantity, line.confidence) == ("2", 0.95)


@pytest.mark.parametrize("text", ["3", "-2", "0", "2件", "", "l2"])
def test_a_quantity_that_does_not_make_the_amount_is_not(text: str) -> None:
    assert filled("quantity", page(PRINT), (text, 0.99)).quantity is None


def test_without_a_unit_price_nothing_confirms_a_quantity() -> None:
    line = Line(amount_excl_tax="25.00")
    reading = Reading(source=Source.OCR, lines=(line,), blank_cells=(BlankCell(0, "quantity", CELL),))
    assert fill_blank_cells(reading, page(PRINT), Reader(("2", 0.99))).lines[0].quantity is None


def test_a_product_is_allowed_what_the_last_printed_places_hide() -> None:
    line = filled("quantity", page(PRINT), ("3", 0.99), unit_price="33.33333333", amount_excl_tax="100.00")
    assert line.quantity == "3"


@pytest.mark.parametrize(("text", "unit"), [("支", "支"), ("公斤", "公斤"), ("kg", "kg"), ("m2", "m2")])
def test_a_unit_is_a_short_word(text: str, unit: str) -> None:
    assert filled("unit", page(PRINT), (text, 0.95)).unit == unit


@pytest.mark.parametrize("text", ["12", "一", "发票专用", "*", "支1"])
def test_strokes_figures_and_seal_text_are_no_unit(text: str) -> None:
    assert filled("unit", page(PRINT), (text, 0.99)).unit is None


def test_an_unsure_reading_is_not_taken() -> None:
    assert filled("unit", page(PRINT), ("支", 0.89)).unit is None


def test_two_cuts_that_differ_are_not_taken() -> None:
    assert filled("unit", page(PRINT), ("支", 0.99), ("文", 0.99)).unit is None


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(page(), id="nothing printed"),
        pytest.param(page(PRINT, grey=225), id="show-through"),
        pytest.param(page(Box(140, 40, 143, 90)), id="an upright rule"),
        pytest.param(page(Box(100, 62, 200, 65)), id="a level rule"),
        pytest.param(page(Box(130, 30, 160, 46)), id="the row above"),
        pytest.param(page(Box(90, 50, 130, 80)), id="print that runs out of the cell"),
    ],
)
def test_a_cell_without_print_of_its_own_is_never_read(picture: Picture) -> None:
    reader = Reader(("支", 0.99))
    reading = Reading(source=Source.OCR, lines=(Line(),), blank_cells=(BlankCell(0, "unit", CELL),))
    assert fill_blank_cells(reading, picture, reader) == reading
    assert reader.shown == []


def test_the_edge_of_a_rule_beside_the_print_does_not_spoil_it() -> None:
    assert filled("unit", page(PRINT, Box(197, 45, 210, 85)), ("支", 0.99)).unit == "支"


def test_an_amount_must_follow_from_its_price_and_its_tax_and_stands_on_neither_alone_against_the_other() -> None:
    printed, unread = page(PRINT), {"amount_excl_tax": ""}
    by_price = {**unread, "quantity": "2"}
    by_tax = {**unread, "tax_rate": "13%", "tax_amount": "3.25"}
    assert filled("amount_excl_tax", printed, ("25.00", 0.97), **by_price).amount_excl_tax == "25.00"
    assert filled("amount_excl_tax", printed, ("25.00", 0.97), **by_tax).amount_excl_tax == "25.00"
    assert not filled("amount_excl_tax", printed, ("26.00", 0.97), **by_tax).amount_excl_tax
    assert not filled("amount_excl_tax", printed, ("25.00", 0.97), **{**by_tax, "quantity": "3"}).amount_excl_tax
    assert not filled("amount_excl_tax", printed, ("25.00", 0.97), **unread).amount_excl_tax
    assert not filled("amount_excl_tax", printed, ("***", 0.97), **{**unread, "tax_rate": "免税"}).amount_excl_tax


def test_a_price_that_lost_its_point_is_replaced_only_by_one_that_makes_the_amount() -> None:
    misread = {"quantity": "2", "unit_price": "1250"}
    assert filled("unit_price", page(PRINT), ("12.50", 0.97), **misread).unit_price == "12.50"
    assert filled("unit_price", page(PRINT), ("13.50", 0.97), **misread).unit_price == "1250"


def test_a_tax_must_follow_from_amount_and_rate() -> None:
    printed = page(PRINT)
    assert filled("tax_amount", printed, ("3.25", 0.97), tax_rate="13%").tax_amount == "3.25"
    assert filled("tax_amount", printed, ("8.25", 0.97), tax_rate="13%").tax_amount is None
    assert filled("tax_rate", printed, ("13%", 0.97), tax_amount="3.25").tax_rate == "13%"
    assert filled("tax_rate", printed, ("3%", 0.97), tax_amount="3.25").tax_rate is None


def asterisks(side: int = 6) -> tuple[Box, ...]:
    return tuple(Box(x, 60, x + side, 60 + side) for x in (150, 162, 174))


def test_three_asterisks_are_known_by_their_shape_where_nothing_is_taxed() -> None:
    misread = ("本丰中", 0.4)
    assert filled("tax_amount", page(*asterisks()), misread, tax_rate="免税").tax_amount == "***"
    assert filled("tax_amount", page(*asterisks()), misread, tax_rate="13%").tax_amount is None
    assert filled("tax_amount", page(*asterisks()[:2]), misread, tax_rate="免税").tax_amount is None
    assert filled("tax_amount", page(*asterisks(14)), misread, tax_rate="免税").tax_amount is None


@pytest.mark.parametrize("rest", [Box(115, 62, 116, 72), Box(188, 45, 193, 84)])
def test_what_is_left_of_a_rule_beside_asterisks_does_not_hide_them(rest: Box) -> None:
    assert filled("tax_amount", page(*asterisks(), rest), ("本丰中", 0.4), tax_rate="免税").tax_amount == "***"


@pytest.mark.parametrize(
    ("text", "gross", "tax"), [("0.60", "10.60", "0.60"), ("0.80", "10.60", None), ("0.60", None, None)]
)
def test_the_total_tax_must_be_what_net_and_gross_leave(text: str, gross: str | None, tax: str | None) -> None:
    said = {"total_excl_tax": "10.00", "total_incl_tax": gross}
    fields = {
        name: (Evidence(source=Source.OCR, value=value, raw=value, confidence=0.98),)
        for name, value in said.items()
        if value
    }
    cell = BlankCell(TOTAL_ROW, "tax_amount", CELL)
    reading = Reading(source=Source.OCR, fields=fields, blank_cells=(cell,))
    found = fill_blank_cells(reading, page(PRINT), Reader((text, 0.96)))
    assert found.first("total_tax") == tax
