"""An approved supplement that an import replaced is approved again when that import is taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.rematching import match_all_again
from matching import draft_records, drafts
from matching.importing import import_records, undo_import
from matching.importing.changes import undo_refusal
from matching.importing.merging import COMPARED
from models.settings import Settings
from models.tables import DraftRow, ImportRow, InvoiceRow, NoticeRow, RecordKeyRow, RecordRow
from tests.matching.captures import NUMBER
from tests.matching.conftest import Sheets
from tests.matching.ledger_rows import BASIC_HEADERS, LINE_HEADERS, basic_row, line_row
from tests.matching.supplement.conftest import Draft

Ledger = Callable[..., ImportRow]
Line = dict[str, str | None]
LINE: Line = {"item_name": "*办公用品*打印纸", "quantity": "2", "amount_excl_tax": "100.00"}


def again(session: Session) -> None:
    match_all_again(session, settings=Settings())


def own_record(session: Session, approved: DraftRow) -> dict[str, Any]:
    """What the approval made, item rows and keys included."""
    record = session.get_one(RecordRow, approved.record_id)
    keys = session.scalars(select(RecordKeyRow.key).where(RecordKeyRow.record_id == record.id)).all()
    columns = {name: getattr(record, name) for name in (*COMPARED, "origin", "import_id", "id")}
    return columns | {"keys": sorted(keys), "lines": [line.data for line in record.lines]}


@pytest.fixture
def approved(session: Session, draft: Draft, people: tuple[int, int]) -> DraftRow:
    made = draft(lines=[dict(LINE)])
    drafts.submit(session, made, user_id=people[0])
    drafts.approve(session, made, user_id=people[1])
    return made


def replaced(session: Session, ledger: Ledger, approved: DraftRow, **changes: Any) -> ImportRow:
    imported = ledger(basic_row(NUMBER, **changes), name="迟到的导出.xlsx")
    again(session)
    assert (approved.state, approved.ended_because) == ("closed", "recorded")
    assert session.get_one(RecordRow, approved.record_id).origin == "import"
    return imported


def test_it_has_its_record_back_as_it_was_approved(session: Session, ledger: Ledger, approved: DraftRow) -> None:
    before, decided = own_record(session, approved), (approved.submitted_by, approved.approved_by, approved.decided_at)
    imported = replaced(session, ledger, approved, 金额=200.0, 税额=26.0, 价税合计=226.0, 销方名称="苏州云杉")
    assert undo_refusal(session, imported) is None
    undo_import(session, imported)
    assert (approved.state, approved.ended_because) == ("approved", None)
    assert own_record(session, approved) == before
    assert (approved.submitted_by, approved.approved_by, approved.decided_at) == decided
    again(session)
    invoice = session.get_one(InvoiceRow, approved.invoice_id)
    assert (invoice.match_status, invoice.record_id) == ("matched", approved.record_id)
    assert approved.state == "approved", "nothing ends it again"


def test_the_item_rows_are_those_that_were_approved(
    session: Session, xlsx: Callable[[Sheets], bytes], approved: DraftRow
) -> None:
    book: Sheets = {
        "发票基础信息": [BASIC_HEADERS, basic_row(NUMBER)],
        "信息汇总表": [LINE_HEADERS, line_row(NUMBER), line_row(NUMBER, 货物或应税劳务名称="*办公用品*墨盒")],
    }
    imported = import_records(session, xlsx(book), "带明细.xlsx")
    again(session)
    assert len(own_record(session, approved)["lines"]) == 2
    undo_import(session, imported)
    (line,) = own_record(session, approved)["lines"]
    assert line["item_name"] == LINE["item_name"]


def test_the_thread_keeps_both_and_the_people_are_told(
    session: Session, ledger: Ledger, approved: DraftRow, people: tuple[int, int]
) -> None:
    undo_import(session, replaced(session, ledger, approved))
    assert [event.action for event in approved.events] == ["created", "submitted", "approved", "closed", "restored"]
    assert approved.events[-1].detail == {"name": "迟到的导出.xlsx", "record_id": approved.record_id}
    told = session.scalars(select(NoticeRow).where(NoticeRow.code == "draft_restored")).all()
    assert [notice.user_id for notice in told] == [people[0]]


def test_the_import_that_comes_after_all_closes_it_again(session: Session, ledger: Ledger, approved: DraftRow) -> None:
    undo_import(session, replaced(session, ledger, approved))
    again(session)
    replaced(session, ledger, approved)


def test_while_a_later_import_holds_the_record_it_stays_closed(
    session: Session, ledger: Ledger, approved: DraftRow
) -> None:
    replaced(session, ledger, approved)
    second = ledger(basic_row(NUMBER, 发票状态="已红冲-部分"), name="再一次.xlsx")
    undo_import(session, second)
    assert approved.state == "closed"
    assert session.get_one(RecordRow, approved.record_id).origin == "import"


def test_where_the_import_was_faster_than_the_approval_the_record_is_made_now(
    session: Session, ledger: Ledger, draft: Draft, people: tuple[int, int]
) -> None:
    """Approved, but the record had come between the look and the writing: it never had one of its own."""
    made = draft()
    drafts.submit(session, made, user_id=people[0])
    imported = ledger(basic_row(NUMBER))
    record = draft_records.arrived(session, made)
    assert record is not None
    made.approved_by = people[1]
    drafts.close_when_recorded(session, made, record)
    undo_import(session, imported)
    assert made.state == "approved"
    assert own_record(session, made)["origin"] == "supplement"
    again(session)
    assert session.get_one(InvoiceRow, made.invoice_id).record_id == made.record_id


def test_a_record_that_loses_the_number_leaves_a_draft_again(session: Session, ledger: Ledger, draft: Draft) -> None:
    """A 数电纸票 stood under its code and number; the import that is taken back had brought its 20 digits."""
    paper: dict[str, Any] = {"发票代码": "3100251130", "发票号码": "12345678"}
    ledger(basic_row("", **paper))
    made = draft()
    both = ledger(basic_row(NUMBER, **paper))
    again(session)
    assert made.state == "closed"
    undo_import(session, both)
    again(session)
    assert (session.get_one(InvoiceRow, made.invoice_id).match_status, made.state) == ("absent", "draft")
