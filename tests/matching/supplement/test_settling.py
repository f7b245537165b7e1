"""A draft whose reason has gone ends by itself and says why; what is not certain is left to a person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import drafts
from matching.companies import add_company
from matching.service import rematch
from models.matching import MatchResult
from models.settings import Settings
from models.tables import CompanyRow, DraftRow, ImportRow, InvoiceRow
from tests.matching.captures import NUMBER, TODAY, capture
from tests.matching.ledger_rows import basic_row, month_ends
from tests.matching.supplement.conftest import Draft

OTHER = "25312000000123450000"


def ended(made: DraftRow) -> tuple[str, str | None]:
    return made.state, made.ended_because


def test_made_before_our_company_was_registered(
    session: Session, find: Callable[..., MatchResult], ledger: Callable[..., ImportRow]
) -> None:
    ledger(*month_ends())
    row = capture(session)
    find(row)
    made = drafts.draft_for(session, row)
    assert made is not None
    add_company(session, name="广州木棉餐饮有限公司", tax_id="91440101MA5CKQWE0H")
    rematch(session, today=TODAY, settings=Settings())
    assert row.match_status == "not_ours"
    assert ended(made) == ("withdrawn", "not_ours")
    add_company(session, name="上海青禾贸易有限公司", tax_id="91310000MA1K4QWE5X")
    rematch(session, today=TODAY, settings=Settings())
    assert row.match_status == "absent"
    assert drafts.draft_for(session, row) is made
    assert ended(made) == ("draft", None)
    assert [e.action for e in made.events] == ["created", "ended", "reopened"]


def test_a_corrected_number_leaves_its_draft(session: Session, draft: Draft, find: Callable[..., MatchResult]) -> None:
    made = draft()
    invoice = session.get_one(InvoiceRow, made.invoice_id)
    fields = invoice.data["fields"]
    invoice.data = invoice.data | {"fields": fields | {"invoice_number": fields["invoice_number"] | {"value": OTHER}}}
    invoice.identity_key = invoice.invoice_number = OTHER
    find(invoice)
    assert drafts.settle_for(session, invoice) == 1
    assert ended(made) == ("withdrawn", "identity_changed")
    second = drafts.draft_for(session, invoice)
    assert second is not None and second.identity_key == OTHER


def test_a_corrected_number_that_is_recorded(
    session: Session, draft: Draft, find: Callable[..., MatchResult], ledger: Callable[..., ImportRow]
) -> None:
    ledger(basic_row(OTHER))
    made = draft(total_incl_tax="500.00", total_excl_tax="442.48", total_tax="57.52")
    invoice = session.get_one(InvoiceRow, made.invoice_id)
    fields = invoice.data["fields"]
    invoice.data = invoice.data | {"fields": fields | {"invoice_number": fields["invoice_number"] | {"value": OTHER}}}
    invoice.identity_key = invoice.invoice_number = OTHER
    find(invoice)
    drafts.settle_for(session, invoice)
    assert made.state == "withdrawn"


@pytest.mark.parametrize("status", ["probable", "needs_review"])
def test_what_a_person_must_decide_ends_nothing(session: Session, draft: Draft, status: str) -> None:
    made = draft()
    session.get_one(InvoiceRow, made.invoice_id).match_status = status
    assert drafts.close_recorded(session) == 0
    assert ended(made) == ("draft", None)


def test_of_two_captures_the_draft_follows_the_one_that_is_absent(session: Session, draft: Draft) -> None:
    made = draft()
    first = session.get_one(InvoiceRow, made.invoice_id)
    copy = capture(session, name="copy.jpg")
    copy.match_status = "absent"
    first.match_status, first.duplicate_of = "duplicate", copy.id
    assert drafts.close_recorded(session) == 0
    assert (made.invoice_id, made.state) == (copy.id, "draft")


def test_one_withdrawn_by_a_person_stays_withdrawn(session: Session, draft: Draft, people: tuple[int, int]) -> None:
    made = draft()
    drafts.withdraw(session, made, user_id=people[0])
    assert drafts.draft_for(session, session.get_one(InvoiceRow, made.invoice_id)) is made
    assert made.state == "withdrawn"


def test_in_review_too_it_closes_when_the_record_arrives(
    session: Session, draft: Draft, people: tuple[int, int], ledger: Callable[..., ImportRow], us: CompanyRow
) -> None:
    made = drafts.submit(session, draft(), user_id=people[0])
    drafts.take(session, made, user_id=people[1])
    ledger(basic_row(NUMBER, 税额=13.5, 价税合计=113.5))
    rematch(session, today=TODAY, settings=Settings())
    assert ended(made) == ("closed", "recorded")
    detail = next(e.detail for e in made.events if e.action == "closed")
    assert [d["field"] for d in detail["differences"]] == ["total_tax", "total_incl_tax"]
    assert session.scalars(select(DraftRow)).one() is made
