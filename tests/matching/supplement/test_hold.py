"""A draft is on hold while the record is merely not here yet: no due day, no task, no reminder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.rematching import match_all_again
from matching import drafts
from matching.companies import add_company
from matching.importing.changes import undo_import
from matching.supplement.deadlines import due_after
from matching.supplement.tasks import digests, tasks_of
from models.kinds import InvoiceKind
from models.matching import MatchResult
from models.settings import Settings
from models.tables import CompanyRow, DraftRow, ImportRow, InvoiceRow, NoticeRow, RecordRow
from tests.matching.captures import NUMBER, TODAY, capture
from tests.matching.ledger_rows import SELLER, US, basic_row, month_ends

Find = Callable[..., MatchResult]
Ledger = Callable[..., ImportRow]
People = tuple[int, int]


def again(session: Session) -> None:
    match_all_again(session, settings=Settings())


@pytest.fixture
def held(session: Session, us: CompanyRow, find: Find) -> DraftRow:
    """Issued in March 2025, of which nothing was imported."""
    row = capture(session)
    find(row)
    made = drafts.draft_for(session, row)
    assert made is not None
    return made


def march(ledger: Ledger, *rows: object) -> ImportRow:
    return ledger(*month_ends(), *rows)


def test_an_invoice_of_a_month_that_was_not_imported_asks_nothing_of_anybody(
    session: Session, held: DraftRow, people: People
) -> None:
    assert (held.state, held.held_because, held.due_on) == ("draft", "period_not_imported", None)
    assert [event.action for event in held.events] == ["created"]
    for person in people:
        assert tasks_of(session, person, today=TODAY + timedelta(days=400)).count == 0
    assert digests(session, today=TODAY + timedelta(days=400)) == []


def test_it_has_its_number_and_contents_all_the_same(held: DraftRow) -> None:
    assert held.application_number.startswith("BL")
    assert held.fields["total_incl_tax"]["value"] == "113.00"


def test_the_import_of_the_month_makes_it_work_and_says_so(
    session: Session, held: DraftRow, ledger: Ledger, people: People
) -> None:
    march(ledger)
    again(session)
    assert (held.state, held.held_because) == ("draft", None)
    assert held.due_on == due_after(date.today(), 1)
    assert [event.action for event in held.events] == ["created", "hold_ended"]
    assert held.events[-1].detail == {"because": "period_not_imported"}  # what it had waited for
    assert tasks_of(session, people[0], today=TODAY).to_complete == [held]
    told = session.scalars(select(NoticeRow).where(NoticeRow.code == "drafts_released")).one()
    assert (told.role, told.params) == ("accountant", {"count": 1})


def test_the_import_that_holds_the_record_ends_it(session: Session, held: DraftRow, ledger: Ledger) -> None:
    march(ledger, basic_row(NUMBER))
    again(session)
    assert (held.state, held.ended_because, held.held_because) == ("closed", "recorded", None)


def test_an_import_of_another_month_changes_nothing(session: Session, held: DraftRow, ledger: Ledger) -> None:
    ledger(basic_row("25442000000770009001", 开票日期="2025-01-02"))
    again(session)
    assert (held.held_because, held.due_on) == ("period_not_imported", None)
    assert session.scalars(select(NoticeRow).where(NoticeRow.code == "drafts_released")).all() == []


def test_it_is_held_again_when_the_import_is_undone(session: Session, held: DraftRow, ledger: Ledger) -> None:
    imported = march(ledger)
    again(session)
    undo_import(session, imported)
    again(session)
    assert (held.held_because, held.due_on) == ("period_not_imported", None)
    assert [event.action for event in held.events] == ["created", "hold_ended", "held"]


def test_a_draft_that_its_record_ended_comes_back_with_the_undo(
    session: Session, held: DraftRow, ledger: Ledger, people: People
) -> None:
    imported = march(ledger, basic_row(NUMBER))
    again(session)
    assert held.state == "closed"
    undo_import(session, imported)
    again(session)
    assert (held.state, held.record_id, held.ended_because) == ("draft", None, None)
    assert held.held_because == "period_not_imported", "on hold as it was before the import"
    assert [event.action for event in held.events][-2:] == ["reopened", "held"]


def test_a_person_may_want_it_all_the_same(session: Session, held: DraftRow, people: People) -> None:
    drafts.take_up(session, held, user_id=people[0])
    assert (held.held_because is None, held.taken_up_by) == (True, people[0])
    assert held.due_on == due_after(date.today(), 1)
    assert held.events[-1].action == "taken_up"
    again(session)
    assert held.held_because is None, "a person's decision stands over every later match"
    assert tasks_of(session, people[1], today=TODAY).to_complete == [held]


def test_whoever_submits_it_or_sets_its_day_has_taken_it_up(session: Session, held: DraftRow, people: People) -> None:
    drafts.set_due(session, held, date(2025, 5, 6), user_id=people[0])
    assert (held.held_because, held.taken_up_by, held.due_on) == (None, people[0], date(2025, 5, 6))
    session.refresh(held)
    held.held_because, held.taken_up_by = "period_not_imported", None
    drafts.submit(session, held, user_id=people[1])
    assert (held.state, held.held_because, held.taken_up_by) == ("submitted", None, people[1])


def test_what_a_person_works_on_is_not_put_on_hold(
    session: Session, held: DraftRow, ledger: Ledger, people: People
) -> None:
    imported = march(ledger)
    again(session)
    drafts.edit(session, held, {"remarks": "已核对"}, user_id=people[0])
    undo_import(session, imported)
    again(session)
    assert (held.state, held.held_because) == ("draft", None)


def test_one_withdrawn_is_no_longer_held(session: Session, held: DraftRow, people: People) -> None:
    drafts.withdraw(session, held, user_id=people[0])
    assert held.held_because is None
    drafts.edit(session, held, {"remarks": "仍需要"}, user_id=people[0])
    assert (held.state, held.held_because) == ("draft", None)
    assert held.due_on is not None


def test_an_invoice_issued_yesterday_waits_for_the_records(
    session: Session, us: CompanyRow, find: Find, ledger: Ledger
) -> None:
    march(ledger)
    row = capture(session, issue_date="2025-03-30")
    find(row, today=date(2025, 3, 31))
    made = drafts.draft_for(session, row)
    assert made is not None and made.held_because == "not_synced_yet"


def test_one_of_an_account_that_was_not_imported_waits(session: Session, find: Find, ledger: Ledger) -> None:
    add_company(session, name=US[1], tax_id=US[0])
    add_company(session, name="北京青禾贸易有限公司", tax_id="91110000MA1K4QWE5X")
    march(ledger)
    row = capture(session, buyer_name="北京青禾贸易有限公司", buyer_tax_id="91110000MA1K4QWE5X")
    find(row)
    made = drafts.draft_for(session, row)
    assert made is not None and made.held_because == "no_access"


def test_a_paper_that_no_import_will_ever_bring_is_not_held(
    session: Session, us: CompanyRow, find: Find, ledger: Ledger
) -> None:
    march(ledger)
    row = capture(session, kind=InvoiceKind.TAXI, invoice_code="131002161071", invoice_number="12345678")
    found = find(row)
    assert found.causes[0].code == "kind_not_in_feed"
    made = drafts.draft_for(session, row)
    assert made is not None and made.held_because is None
    assert made.due_on is not None


def test_a_sale_of_ours_that_is_supplemented_is_a_sale(
    session: Session, us: CompanyRow, find: Find, people: People, ledger: Ledger
) -> None:
    """进销项方向不对 makes no draft at all; once the sales are imported and it is still absent, the draft is one."""
    sides: dict[str, Any] = {"seller_name": US[1], "seller_tax_id": US[0]}
    sides |= {"buyer_name": SELLER[1], "buyer_tax_id": SELLER[0]}
    row = capture(session, **sides)
    find(row)
    assert drafts.draft_for(session, row) is None
    sold: dict[str, Any] = {"销方识别号": US[0], "销方名称": US[1], "购方识别号": SELLER[0], "购买方名称": SELLER[1]}
    sold |= {"价税合计": 53, "金额": 50, "税额": 3}
    ledger(*(basic_row(f"2531200000077000900{n}", 开票日期=f"2025-03-{n}1", **sold) for n in (0, 3)))
    again(session)
    made = session.scalars(select(DraftRow)).one()
    drafts.submit(session, made, user_id=people[0])
    drafts.approve(session, made, user_id=people[1])
    assert session.get_one(InvoiceRow, made.invoice_id).match_status == "matched"
    assert session.get_one(RecordRow, made.record_id).direction == "output"


@pytest.mark.parametrize(
    ("made", "days", "due"),
    [("2026-11-20", 1, "2026-11-23"), ("2026-11-21", 1, "2026-11-23"), ("2026-11-23", 1, "2026-11-24"),
     ("2026-11-19", 3, "2026-11-24"), ("2026-11-22", 0, "2026-11-23"), ("2026-11-24", 0, "2026-11-24")],
)  # fmt: skip
def test_due_days_are_working_days(made: str, days: int, due: str) -> None:
    """2026-11-20 is a Friday."""
    assert due_after(date.fromisoformat(made), days) == date.fromisoformat(due)
