"""Red and blue are linked by what the red one names, seen from both sides, with what is left of the blue one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.red_links import named_in
from matching.service import rematch
from models.matching import CauseCode, MatchResult, MatchStatus
from models.settings import Settings
from models.tables import ImportRow, InvoiceRow, RecordRow, RedLinkRow
from tests.matching.captures import NUMBER, TODAY, capture
from tests.matching.ledger_rows import SELLER, basic_row

Ledger = Callable[..., ImportRow]
Find = Callable[..., MatchResult]
REDS = ("25312000000800000001", "25312000000800000002")
CONFIRMATION = "31200025030000000001"
REMARKS = f"被红冲蓝字数电票号码：{NUMBER} 红字发票信息确认单编号：{CONFIRMATION}"
NEGATIVE = {"total_excl_tax": "-40.00", "total_tax": "-5.20", "total_incl_tax": "-45.20"}


def red_row(number: str, **changes: Any) -> list[Any]:
    negative = {"金额": -40, "税额": -5.2, "价税合计": -45.2, "是否正数发票": "否", "备注": REMARKS}
    return basic_row(number, **(negative | changes))


@pytest.mark.parametrize(
    ("remarks", "blue"),
    [
        (REMARKS, NUMBER),
        (f"被红冲蓝字数电发票号码: {NUMBER[:10]} {NUMBER[10:]}", NUMBER),
        ("被红冲蓝字发票号码：01234567 被红冲蓝字发票代码：3200251130", "3200251130-01234567"),
        ("对应正数发票代码:3200251130号码:01234567", "3200251130-01234567"),
        ("开具红字增值税专用发票信息表编号:3200251130012345", None),
        ("被红冲蓝字发票号码：01234567", None),
        ("货款", None),
    ],
)
def test_what_remarks_name(remarks: str, blue: str | None) -> None:
    assert named_in(remarks).blue_key == blue


def test_form_and_confirmation_are_kept() -> None:
    assert named_in(REMARKS).confirmation_number == CONFIRMATION
    assert named_in("开具红字增值税专用发票信息表编号:3200251130012345").form_number == "3200251130012345"


def again(session: Session) -> int:
    return rematch(session, today=TODAY, settings=Settings())


def test_red_records_that_arrive_later_flush_what_was_matched(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row(NUMBER))
    row = capture(session)
    assert find(row).status is MatchStatus.MATCHED
    ledger(red_row(REDS[0]), name="第二次.xlsx")
    assert again(session) == 1
    assert row.match_status == "red_flushed"
    assert row.match is not None
    assert row.match["remaining"] == "67.80"
    assert [r["number"] for r in row.match["reds"]] == [REDS[0]]
    link = session.scalars(select(RedLinkRow)).one()
    assert link.blue_record_id == row.record_id
    assert again(session) == 0


def test_of_several_reds_the_rest_is_told(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(
        basic_row(NUMBER, 发票状态="已红冲-部分"),
        red_row(REDS[0]),
        red_row(REDS[1], 金额=-20, 税额=-2.6, 价税合计=-22.6),
    )
    again(session)
    found = find(row := capture(session))
    assert found.status is MatchStatus.RED_FLUSHED
    assert row.match is not None
    assert row.match["remaining"] == "45.20"
    assert any("45.20" in text for text in found.causes[0].evidence)
    assert "剩余" in found.causes[0].action


def test_a_captured_red_invoice_knows_its_blue(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row(NUMBER))
    red = capture(session, invoice_number=REDS[0], remarks=REMARKS, **NEGATIVE)
    found = find(red)
    assert found.causes[0].code is CauseCode.IS_RED
    assert red.match is not None
    assert red.match["red"]["blue"]["number"] == NUMBER
    assert red.match["red"]["blue"]["record_id"] == session.scalars(select(RecordRow.id)).one()
    assert red.match["red"]["confirmation_number"] == CONFIRMATION


def test_recorded_and_captured_it_counts_once(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row(NUMBER), red_row(REDS[0]))
    again(session)
    red = capture(session, invoice_number=REDS[0], remarks=REMARKS, **NEGATIVE)
    assert find(red).status is MatchStatus.MATCHED
    blue = capture(session)
    find(blue)
    assert blue.match is not None
    assert blue.match["remaining"] == "67.80"
    assert blue.match["reds"] == [
        {"number": REDS[0], "amount": "-45.20", "record_id": red.record_id, "invoice_id": red.id}
    ]


def test_xml_names_the_blue_without_remarks(session: Session, find: Find) -> None:
    red = capture(session, invoice_number=REDS[0], original_invoice_number=NUMBER, **NEGATIVE)
    find(red)
    assert red.match is not None
    assert red.match["red"]["blue"]["number"] == NUMBER


FORM = "3200251130012345"
BY_FORM = f"开具红字增值税专用发票信息表编号:{FORM}"


class TestByTheNumberOnBoth:
    """A red invoice that names only its 信息表 (or 确认单): linked where exactly one blue one bears that number."""

    def red(self, session: Session, find: Find, remarks: str = BY_FORM, **changes: Any) -> Any:
        row = capture(session, invoice_number=REDS[0], remarks=remarks, **(NEGATIVE | changes))
        find(row)
        assert row.match is not None
        return row.match["red"]

    def test_one_record_bears_it(self, session: Session, ledger: Ledger, find: Find) -> None:
        ledger(basic_row(NUMBER, 备注=f"已开红字 信息表编号：{FORM}"))
        blue = self.red(session, find)["blue"]
        assert (blue["number"], blue["by_number"]) == (NUMBER, True)
        assert blue["record_id"] == session.scalars(select(RecordRow.id)).one()

    def test_the_blue_document_bears_it_and_is_told_what_is_left(self, session: Session, find: Find) -> None:
        first = capture(session, remarks=f"信息表编号 {FORM}")
        assert self.red(session, find)["blue"]["invoice_id"] == first.id
        find(first)
        assert first.match is not None and first.match["remaining"] == "67.80"

    def test_the_record_of_the_red_one_names_the_blue_beside_the_same_number(
        self, session: Session, ledger: Ledger, find: Find
    ) -> None:
        ledger(basic_row(NUMBER), red_row(REDS[0]))
        again(session)
        assert self.red(session, find, f"红字发票信息确认单编号：{CONFIRMATION}")["blue"]["number"] == NUMBER

    def test_a_blue_that_comes_later_is_linked_then(self, session: Session, ledger: Ledger, find: Find) -> None:
        assert self.red(session, find)["blue"] is None
        ledger(basic_row(NUMBER, 备注=f"信息表编号：{FORM}"))
        again(session)
        assert session.scalars(select(RedLinkRow.blue_key)).one() == NUMBER

    @pytest.mark.parametrize(
        "rows",
        [
            [],
            [{"备注": f"信息表编号：{FORM}0"}],  # a longer number
            [{"备注": f"信息表编号：{FORM[:8]} {FORM[8:]}"}],
            [{"备注": FORM, "销方识别号": "91440101MA5CKQWE0H"}],
            [{"备注": FORM, "金额": 20, "税额": 2.6, "价税合计": 22.6}],  # smaller than what is taken back
            [{"备注": FORM}, {"备注": FORM}],  # two of them: which one is not known
        ],
        ids=["nowhere", "longer", "broken", "another seller", "too small", "two"],
    )
    def test_what_is_not_certain_is_shown_and_not_guessed(
        self, session: Session, ledger: Ledger, find: Find, rows: list[dict[str, Any]]
    ) -> None:
        for n, changes in enumerate(rows):
            ledger(basic_row(f"2531200000012345670{n}", **changes), name=f"{n}.xlsx")
        told = self.red(session, find)
        assert (told["blue"], told["form_number"]) == (None, FORM)


def test_another_seller_s_remark_takes_nothing_back(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row(NUMBER), red_row(REDS[0], 销方识别号="91440300708461136T"))
    again(session)
    row = capture(session)
    assert find(row).status is MatchStatus.MATCHED
    assert session.scalars(select(RedLinkRow.blue_record_id)).all() == [None]
    assert row.match is not None
    assert "reds" not in row.match
    assert row.seller_tax_id == SELLER[0]


def test_an_absent_blue_of_a_red_is_red_flushed_with_what_is_left(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(red_row(REDS[0]))
    again(session)
    row: InvoiceRow = capture(session)
    cause = find(row).causes[0]
    assert cause.code is CauseCode.RED_FLUSHED
    assert any("67.80" in text for text in cause.evidence)
