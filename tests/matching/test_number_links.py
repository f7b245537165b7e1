"""What a record's number, whole or damaged, says of the invoice in hand; and whose name a 代开 record bears."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from models.evidence import Source
from models.matching import CauseCode, MatchResult, MatchStatus
from models.tables import CompanyRow, ImportRow
from tests.matching.captures import NUMBER, capture
from tests.matching.ledger_rows import SELLER, basic_row

Ledger = Callable[..., ImportRow]
Find = Callable[..., MatchResult]


@pytest.fixture(autouse=True)
def _us(us: CompanyRow) -> None:
    """Our company is registered."""


def test_the_last_eight_digits_are_a_truncated_number(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row("", 发票号码=NUMBER[-8:]))
    found = find(capture(session))
    assert found.status is MatchStatus.PROBABLE
    assert found.causes[0].code is CauseCode.NUMBER_TRUNCATED


def test_damaged_digits_of_another_number_speak_against(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row("2.6445E+19"))
    assert find(capture(session)).status is MatchStatus.ABSENT


def test_damaged_digits_of_this_number_speak_for(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row("2.5312E+19"))
    found = find(capture(session))
    assert found.status is MatchStatus.PROBABLE
    assert found.causes[0].code is CauseCode.SPREADSHEET_DAMAGE


@pytest.mark.parametrize(
    ("status", "neighbour"),
    [(MatchStatus.ABSENT, "25312000000123456792"), (MatchStatus.PROBABLE, "25312000000123456788")],
)
def test_the_next_invoice_of_the_same_amount_is_taken_for_it_only_if_digits_look_alike(
    session: Session, ledger: Ledger, find: Find, status: MatchStatus, neighbour: str
) -> None:
    ledger(basic_row(neighbour))
    found = find(capture(session, source=Source.OCR))
    assert found.status is status


def test_a_record_may_bear_the_company_of_the_remarks(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row())
    office = {"seller_name": "国家税务总局苏州工业园区税务局", "seller_tax_id": "11320500014150000X"}
    found = find(capture(session, **office, remarks=f"代开企业税号:{SELLER[0]} 代开企业名称:{SELLER[1]}"))
    assert found.status is MatchStatus.MATCHED
    assert find(capture(session, **office, invoice_number="25312000000100000001")).status is MatchStatus.ABSENT
