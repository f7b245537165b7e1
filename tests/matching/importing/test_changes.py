"""History of a record, and an import taken back whole: added records go, changed ones are as before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.importing import history, undo_import
from matching.importing.merging import COMPARED
from matching.service import confirm, rematch
from models.errors import RequestError
from models.matching import MatchResult, MatchStatus
from models.settings import Settings
from models.tables import CompanyRow, ImportRow, RecordKeyRow, RecordRow
from tests.matching.captures import TODAY, capture
from tests.matching.ledger_rows import basic_row

Ledger = Callable[..., ImportRow]
Find = Callable[..., MatchResult]
OTHER = "25312000000123459999"


def contents(session: Session) -> tuple[list[dict[str, Any]], list[str]]:
    records = session.scalars(select(RecordRow).order_by(RecordRow.id)).all()
    keys = session.scalars(select(RecordKeyRow.key).order_by(RecordKeyRow.key)).all()
    return [{c: getattr(r, c) for c in (*COMPARED, "import_id", "origin")} for r in records], list(keys)


def test_the_state_of_a_record_has_a_history(session: Session, ledger: Ledger) -> None:
    ledger(basic_row())
    ledger(basic_row(发票状态="已红冲-部分"), name="二.xlsx")
    ledger(basic_row(发票状态="已红冲-全额"), name="三.xlsx")
    record = session.scalars(select(RecordRow)).one()
    told = [(change.file_name, change.before["state"]) for change in history(session, record.id)]
    assert told == [("二.xlsx", "normal"), ("三.xlsx", "red_partial")]


def test_an_import_that_changed_nothing_leaves_no_history(session: Session, ledger: Ledger) -> None:
    ledger(basic_row(), basic_row())
    ledger(basic_row())
    assert history(session, session.scalars(select(RecordRow.id)).one()) == []


def test_undo_restores_what_was_before(session: Session, ledger: Ledger) -> None:
    ledger(basic_row())
    before = contents(session)
    second = ledger(basic_row(发票状态="已红冲-全额", 发票代码="3100251130", 发票号码="12345678"), basic_row(OTHER))
    assert contents(session) != before
    assert undo_import(session, second) == 2
    assert contents(session) == before
    assert second.undone_at is not None


def test_undone_is_as_if_it_had_never_been(
    session: Session, ledger: Ledger, us: CompanyRow, find: Find, people: tuple[int, int]
) -> None:
    done = ledger(basic_row())
    row = capture(session)
    record = session.scalars(select(RecordRow)).one()
    confirm(session, row, record, user_id=people[0], today=TODAY, settings=Settings())
    undo_import(session, done)
    rematch(session, today=TODAY, settings=Settings())
    assert row.match_status == MatchStatus.ABSENT.value
    assert row.match is not None
    assert row.match["causes"][0]["code"] == "period_not_imported", "an import that was undone covers nothing"
    ledger(basic_row(OTHER))  # may be given the id of the record that went
    assert find(row).status is MatchStatus.ABSENT


def test_undo_is_refused_while_a_later_import_of_the_same_days_stands(session: Session, ledger: Ledger) -> None:
    first = ledger(basic_row())
    second = ledger(basic_row(), name="第二次.xlsx")
    with pytest.raises(RequestError, match="第二次"):
        undo_import(session, first)
    undo_import(session, second)
    assert undo_import(session, first) == 1
    assert contents(session) == ([], [])
    with pytest.raises(RequestError, match="已经撤销过"):
        undo_import(session, first)


def test_undo_is_refused_where_it_made_a_damaged_record_whole(session: Session, ledger: Ledger) -> None:
    ledger(basic_row("2.5312E+19"))
    whole = ledger(basic_row())
    with pytest.raises(RequestError, match="合并"):
        undo_import(session, whole)


def test_an_import_that_covers_no_days_is_taken_back_while_none_came_after_it(session: Session, ledger: Ledger) -> None:
    pushed = ledger(basic_row())
    pushed.date_from = pushed.date_to = None
    later = ledger(basic_row(OTHER))
    with pytest.raises(RequestError) as refused:
        undo_import(session, pushed)
    assert refused.value.code == "import_not_undoable"
    undo_import(session, later)
    assert undo_import(session, pushed) == 1


def test_an_import_taken_back_meanwhile_is_not_taken_back_again(session: Session, ledger: Ledger) -> None:
    """Two people press; the second one's page still shows it as stored."""
    row = ledger(basic_row())
    session.commit()
    with Session(session.get_bind()) as other:
        undo_import(other, other.get_one(ImportRow, row.id))
        other.commit()
    with pytest.raises(RequestError, match="已经撤销过"):
        undo_import(session, row)
