"""Records that were there before the company was registered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.companies import add_company
from matching.service import rematch
from models.ledger import Direction
from models.matching import MatchStatus
from models.settings import Settings
from models.tables import ImportRow, RecordRow
from tests.matching.captures import TODAY, capture
from tests.matching.ledger_rows import SELLER, US, basic_row

Ledger = Callable[..., ImportRow]
NUMBERS = ("25312000000123456789", "25312000000123456790", "25312000000123456791")


def directions(session: Session) -> list[str]:
    return list(session.scalars(select(RecordRow.direction).order_by(RecordRow.id)))


@pytest.mark.parametrize(("company", "direction"), [(US, Direction.INPUT), (SELLER, Direction.OUTPUT)])
def test_they_are_told_their_direction_and_the_import_its_account(
    session: Session, ledger: Ledger, company: tuple[str, str], direction: Direction
) -> None:
    done = ledger(*map(basic_row, NUMBERS))
    assert (done.direction, done.owner_tax_id) == (Direction.UNKNOWN.value, None)
    add_company(session, name=company[1], tax_id=company[0])
    assert directions(session) == [direction.value] * len(NUMBERS)
    session.refresh(done)
    assert (done.direction, done.owner_tax_id) == (direction.value, company[0])


def test_what_was_said_is_not_changed(session: Session, ledger: Ledger) -> None:
    done = ledger(basic_row(NUMBERS[0]), name="销项.xlsx")
    add_company(session, name=US[1], tax_id=US[0])
    assert directions(session) == [Direction.OUTPUT.value]
    assert done.direction == Direction.OUTPUT.value


def test_between_two_of_ours_nothing_is_told(session: Session, ledger: Ledger) -> None:
    add_company(session, name=US[1], tax_id=US[0])
    add_company(session, name=SELLER[1], tax_id=SELLER[0])
    ledger(basic_row(NUMBERS[0]))
    add_company(session, name="第三家", tax_id="91310000MA1THIRD00")
    assert directions(session) == [Direction.UNKNOWN.value]


def test_an_import_of_both_directions_speaks_for_none(session: Session, ledger: Ledger) -> None:
    sold = basic_row(NUMBERS[1], 销方识别号=US[0], 销方名称=US[1], 购方识别号=SELLER[0], 购买方名称=SELLER[1])
    done = ledger(basic_row(NUMBERS[0]), sold)
    add_company(session, name=US[1], tax_id=US[0])
    assert sorted(directions(session)) == ["input", "output"]
    session.refresh(done)
    assert (done.direction, done.owner_tax_id) == (Direction.UNKNOWN.value, US[0])


def test_what_is_absent_is_then_told_with_the_right_cause(session: Session, ledger: Ledger) -> None:
    """Without the direction the period would seem not to be imported."""
    ledger(basic_row(NUMBERS[1], 开票日期="2025-03-01"), basic_row(NUMBERS[2], 开票日期="2025-03-31"))
    row = capture(session)
    add_company(session, name=US[1], tax_id=US[0])
    rematch(session, today=TODAY, settings=Settings(), only_open=False)
    assert row.match_status == MatchStatus.ABSENT.value
    assert row.match is not None
    assert row.match["causes"][0]["code"] == "never_recorded"
