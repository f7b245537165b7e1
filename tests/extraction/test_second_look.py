"""A second look confirms a value only where it stands whole: a label beside it is fine, more of itself is not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from extraction.ocr.engine import RecognisedLine
from extraction.reading import Reading
from extraction.second_look import _evidence, holds, look_again
from models.evidence import Field, FieldStatus, Source
from models.invoice import Invoice
from models.kinds import InvoiceKind
from models.pages import PageBox, Picture, Pixels, Token
from tests.extraction.ocr.test_constrained import ALPHABET, line


@pytest.mark.parametrize(
    ("field", "text", "value", "whole"),
    [
        ("seller_name", "称：厦门市澜衡信印刷有限公司", "厦门市澜衡信印刷有限公司", True),
        ("seller_name", "厦门市澜衡信印刷有限公司", "市澜衡信印刷有限公司", False),
        ("seller_name", "澜衡信印刷有限公司北城分公司", "澜衡信印刷有限公司", False),
        ("buyer_name", "澜衡信印刷有限公司密", "澜衡信印刷有限公司", True),
        ("drawer", "开票人：林毅伟", "林毅伟", True),
        ("invoice_number", "No 18532887", "18532887", True),
        ("invoice_number", "18532887", "18532887", True),
        ("invoice_number", "4185328871", "18532887", False),
        ("total_incl_tax", "（小写）¥1,234.50", "1234.50", True),
        ("total_incl_tax", "¥11234.50", "1234.50", False),
        ("total_incl_tax", "￥553.5元", "553.50", True),
        ("total_incl_tax", "￥553.5", "553.50", False),
        ("total_incl_tax", "￥5535元", "553.50", False),
        ("total_incl_tax", "￥1553.5元", "553.50", False),
        ("issue_date", "2024年05月14日", "2024-05-14", True),
        ("issue_date", "开票日期：2024 05 14", "2024-05-14", True),
        ("issue_date", "2024年05月15日", "2024-05-14", False),
    ],
)
def test_a_value_must_stand_whole(field: str, text: str, value: str, whole: bool) -> None:
    assert holds(field, text, value) is whole


NAME = "青岛市福焚屋餐饮店"


class TwoNetworks:
    """Two networks that read every cut as they are told."""

    name = "told"
    alphabet: Sequence[str] = ()

    def __init__(self, first: str, second: str) -> None:
        self.first, self.second = first, second
        self.asked: list[int] = []  #: cuts each time that either network is asked

    def read(self, picture: Pixels) -> list[Token]:
        raise AssertionError("a second look needs no detection")

    def read_lines(self, pictures: Sequence[Pixels]) -> list[RecognisedLine]:
        self.asked.append(len(pictures))
        return [RecognisedLine(self.first, 0.99)] * len(pictures)

    def second_opinion(self, pictures: Sequence[Pixels]) -> list[RecognisedLine]:
        self.asked.append(len(pictures))
        return [RecognisedLine(self.second, 0.97)] * len(pictures)

    def upright(self, picture: Pixels) -> int:
        return 0


def look(engine: TwoNetworks, name: str = "seller_name", value: str = NAME, confidence: float = 0.97) -> Reading | None:
    paper = Picture(np.full((200, 800, 3), 250, np.uint8), np.full((200, 800, 3), 250, np.uint8))
    field = Field(
        value=value,
        confidence=confidence,
        source=Source.OCR,
        status=FieldStatus.REVIEW,
        box=PageBox(1, 0.1, 0.4, 0.6, 0.6),
    )
    invoice = Invoice(source="a.jpg", pages=(1,), kind=InvoiceKind.DIGITAL_ORDINARY, fields={name: field})
    return look_again(invoice, {1: paper}, engine)


def test_a_name_counts_as_seen_again_when_a_network_of_another_make_reads_it_too() -> None:
    again = look(TwoNetworks(NAME, f"称：{NAME}"))
    assert again is not None
    assert {e.label for e in again.fields["seller_name"]} == {"second look", "second opinion"}


def test_a_name_that_only_one_network_reads_stays_for_a_person() -> None:
    assert look(TwoNetworks(NAME, NAME.replace("焚", "瑟"))) is None


def test_a_clerks_name_needs_the_second_network_as_well() -> None:
    assert look(TwoNetworks("周涛字", "周涛宇"), "reviewer", "周涛字") is None
    again = look(TwoNetworks("周涛宇", "复核：周涛宇"), "reviewer", "周涛宇")
    assert again is not None
    assert again.first("reviewer") == "周涛宇"


def test_each_network_is_asked_once_for_all_names() -> None:
    paper = Picture(np.full((200, 800, 3), 250, np.uint8), np.full((200, 800, 3), 250, np.uint8))
    box = PageBox(1, 0.1, 0.4, 0.6, 0.6)
    fields = {
        name: Field(value=value, confidence=0.97, source=Source.OCR, status=FieldStatus.REVIEW, box=box)
        for name, value in (("seller_name", NAME), ("issue_date", "2024-05-14"), ("drawer", NAME))
    }
    invoice = Invoice(source="a.jpg", pages=(1,), kind=InvoiceKind.DIGITAL_ORDINARY, fields=fields)
    engine = TwoNetworks(NAME, NAME)
    again = look_again(invoice, {1: paper}, engine)
    assert again is not None
    assert set(again.fields) == {"seller_name", "drawer"}
    assert engine.asked == [6, 4]


def test_an_unlikely_value_is_looked_at_again_only_where_its_check_characters_can_find_the_right_one() -> None:
    code = "91440305MA0WTQTGOW"  # a letter that no credit code holds
    assert look(TwoNetworks(code, code), "seller_tax_id", code, 0.1) is not None
    assert look(TwoNetworks("18532887", "18532887"), "invoice_number", "18532887", 0.1) is None


def test_a_sure_reading_of_a_letter_no_code_holds_gives_way_to_the_code_that_passes() -> None:
    printed, code = "9144O300708461136T", "91440300708461136T"
    seen = _evidence("seller_tax_id", printed, [line(printed), line(printed)], ALPHABET)
    assert seen is not None
    assert (seen.value, seen.repaired) == (code, "credit code search")


def test_a_genuine_code_that_fails_its_check_stays_as_printed() -> None:
    odd = "91350203M0001QAY9B"
    seen = _evidence("seller_tax_id", odd, [line(odd), line(odd)], ALPHABET)
    assert seen is not None
    assert (seen.value, seen.repaired) == (odd, None)
