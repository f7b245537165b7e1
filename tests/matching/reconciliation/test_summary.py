"""The figures of a reconciliation: every record and every document once, sums to the 分, ages, holders, weeks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from matching.reconciliation import Scope, Summary, summarise
from matching.reconciliation.ageing import Age, age_of
from matching.reconciliation.self_check import digest, is_due, items_of, take
from matching.reconciliation.totals import Sums, Tally
from models.errors import RequestError
from models.matching import MatchResult
from models.tables import CompanyRow, DocumentRow, ImportRow, RecordRow
from tests.matching.captures import NUMBER, capture
from tests.matching.ledger_rows import SELLER, US, basic_row

AS_OF = date(2025, 4, 20)
ABSENT = "25312000000777777777"


@pytest.fixture
def year(
    session: Session, us: CompanyRow, ledger: Callable[..., ImportRow], find: Callable[..., MatchResult],
    people: tuple[int, int],
) -> Session:  # fmt: skip
    """A matched, a differing and an absent document; two records alone, one void, one of ours sold."""
    ledger(
        basic_row(NUMBER), basic_row("25312000000222222222", 价税合计=113.07, 税额=13.07),
        basic_row("25312000000333333333", 开票日期="2025-04-18"),
        basic_row("25312000000444444444", 开票日期="2025-01-02", 金额=0.1, 税额=0.2, 价税合计=0.3),
        basic_row("25312000000555555555", 发票状态="已作废"),
    )  # fmt: skip
    ledger(basic_row("25312000000888888888", 销方识别号=US[0], 购方识别号=SELLER[0]), name="销项.xlsx")
    for number in (NUMBER, "25312000000222222222", ABSENT):
        row = capture(session, name=f"{number}.pdf", invoice_number=number)
        session.get_one(DocumentRow, row.document_id).uploaded_by = people[0]
        find(row)
    session.flush()
    return session


def look(session: Session, period: str = "", company: str | None = None) -> Summary:
    return summarise(session, Scope.of(period, company), as_of=AS_OF)


def counts(tally: Tally) -> dict[str, int]:
    return {name: sums.count for name, sums in tally.classes.items()}


def test_every_record_and_document_is_counted_once(year: Session) -> None:
    found = look(year)
    assert counts(found.records) == {"matched": 1, "differs": 1, "no_document": 2, "nothing_due": 1, "output": 1}
    assert counts(found.documents) == {"matched": 1, "differs": 1, "absent": 1}


def test_it_ties_out_with_the_imports_to_the_fen(year: Session) -> None:
    found = look(year)
    assert found.ties_out
    assert found.records.whole.gross == 11300 * 4 + 11307 + 30
    assert sum(share.sums.gross for share in found.imports) == found.records.whole.gross
    assert found.records.difference == Sums()


def test_what_does_not_tie_out_is_shown() -> None:
    tally = Tally({"matched": Sums(1, 100, 13, 113)}, Sums(2, 200, 26, 226))
    assert not tally.ties_out and tally.difference == Sums(1, 100, 13, 113)


def test_a_period_and_a_company_hold_their_own(year: Session) -> None:
    assert counts(look(year, "2025-04").records) == {"no_document": 1}
    assert look(year, "2025-01..2025-04").records.whole.count == 6
    assert look(year, "2025-01-01..2025-01-02").records.whole.count == 1
    assert counts(look(year, company=US[0]).records) == {
        "matched": 1, "differs": 1, "no_document": 2, "nothing_due": 1,
    }  # fmt: skip
    assert look(year, company="91110108MA8PHFXY6D").documents.whole.count == 0


@pytest.mark.parametrize("period", ["2025-13", "2025-2", "2025-04..2025-01", "2025-02-30", "heute"])
def test_a_period_that_is_none_is_refused(period: str) -> None:
    with pytest.raises(RequestError):
        Scope.of(period)


@pytest.mark.parametrize(
    ("days", "age"),
    [(0, Age.WEEK), (7, Age.WEEK), (8, Age.MONTH), (30, Age.MONTH), (31, Age.QUARTER), (90, Age.QUARTER),
     (91, Age.OVERDUE)],
)  # fmt: skip
def test_ages(days: int, age: Age) -> None:
    assert age_of(date.fromordinal(AS_OF.toordinal() - days), AS_OF) is age


def test_ageing_of_what_is_open(year: Session) -> None:
    aged = {each.age: (each.absent, each.no_document, each.no_document_gross) for each in look(year).ageing}
    assert aged[Age.WEEK] == (0, 1, 11300)
    assert aged[Age.QUARTER] == (1, 0, 0)
    assert aged[Age.OVERDUE] == (0, 1, 30)


def test_who_should_hand_it_in(year: Session, people: tuple[int, int]) -> None:
    found = look(year)
    (owed,) = found.owed
    assert (owed.count, owed.gross, owed.seller_tax_id) == (2, 11330, SELLER[0])
    assert owed.holder is not None and owed.holder.user_id == people[0]
    (owing,) = found.owing
    assert (owing.count, owing.sellers) == (2, 1)


def test_differences_by_field_and_amount(year: Session) -> None:
    by_field = {each.field: each for each in look(year).differences}
    assert str(by_field["total_incl_tax"].amount) == "0.07"
    assert by_field["total_incl_tax"].count == 1


def test_weeks_of_absence(year: Session) -> None:
    (week,) = look(year).weeks
    assert (week.begins, week.documents, week.absent) == (date(2025, 3, 10), 3, 1)


def test_a_self_check_says_what_is_new_settled_and_overdue(
    year: Session, ledger: Callable[..., ImportRow], find: Callable[..., MatchResult]
) -> None:
    assert is_due(year, today=AS_OF)
    first = take(year, Scope.of(), as_of=AS_OF)
    assert not is_due(year, today=AS_OF) and is_due(year, today=date(2025, 4, 27))
    assert {item.status for item in items_of(first)} == {"absent", "differs", "no_document"}
    ledger(basic_row("25312000000666666666", 开票日期="2025-04-19"))
    find(capture(year, name="late.pdf", invoice_number="25312000000333333333", issue_date="2025-04-18"))
    second = take(year, Scope.of(), as_of=AS_OF)
    assert second.previous_id == first.id
    found = digest(second, first)
    assert [item.number for item in found.new] == ["25312000000666666666"]
    assert [item.number for item in found.settled] == ["25312000000333333333"]
    assert [item.number for item in found.overdue] == ["25312000000444444444"]
    assert year.query(RecordRow).count() == 7
