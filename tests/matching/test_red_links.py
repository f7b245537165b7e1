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
