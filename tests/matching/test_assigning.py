"""One record takes one document; the whole decides, whatever the order of capture."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.assigning import assign
from matching.service import match_invoice, reject, rematch
from models.evidence import Source
from models.matching import MatchResult, MatchStatus
from models.settings import Settings
from models.tables import ImportRow, InvoiceRow, RecordRow
from tests.matching.captures import NUMBER, TODAY, capture
from tests.matching.ledger_rows import basic_row

Ledger = Callable[..., ImportRow]
Find = Callable[..., MatchResult]


def best_by_trying(offers: Mapping[int, Mapping[int, float]]) -> float:
    """The greatest sum over every one-to-one choice."""
    invoices = sorted(offers)
    choices = [[None, *offers[i]] for i in invoices]
    sums = [
        sum(offers[i][r] for i, r in zip(invoices, choice, strict=True) if r is not None)
        for choice in itertools.product(*choices)
        if len(taken := [r for r in choice if r is not None]) == len(set(taken))
    ]
    return max(sums)


def test_the_first_gives_way_where_the_whole_gains() -> None:
    assert assign({1: {10: 10.0, 11: 9.0}, 2: {10: 9.5}}) == {1: 11, 2: 10}


def test_an_offer_less_likely_than_none_is_not_made() -> None:
    assert assign({1: {10: 5.0}, 2: {10: 7.0, 11: -3.0}, 3: {12: -1.0}}) == {2: 10}


@pytest.mark.parametrize("seed", range(40))
def test_the_sum_is_the_greatest_there_is(seed: int) -> None:
    rng = random.Random(seed)
    offers = {
        invoice: {record: rng.uniform(-3, 20) for record in rng.sample(range(10, 15), rng.randrange(1, 4))}
        for invoice in range(rng.randrange(1, 6))
    }
    chosen = assign(offers)
    assert len(set(chosen.values())) == len(chosen)
    assert sum(offers[i][r] for i, r in chosen.items()) == pytest.approx(best_by_trying(offers))


DOUBTED = {"source": Source.OCR, "review": ["invoice_number"]}
CLOSE, FURTHER = "25312000000723456789", "25312000000728456789"  #: one digit, two digits from the record's


def found(rows: list[InvoiceRow]) -> dict[str | None, tuple[str | None, bool]]:
    return {row.invoice_number: (row.match_status, row.record_id is not None) for row in rows}


@pytest.mark.parametrize("order", [(CLOSE, FURTHER), (FURTHER, CLOSE)])
def test_two_documents_of_one_record_in_whatever_order(
    session: Session, ledger: Ledger, find: Find, order: tuple[str, str]
) -> None:
    ledger(basic_row(NUMBER))
    rows = [capture(session, invoice_number=number, **DOUBTED) for number in order]  # type: ignore[arg-type]
    for row in rows:
        find(row)
    settled = found(rows)
    assert settled == {CLOSE: ("probable", True), FURTHER: ("needs_review", False)}
    loser = next(row for row in rows if row.invoice_number == FURTHER)
    assert loser.match is not None
    assert "更相符" in loser.match["why"]
    for _again in range(2):
        assert rematch(session, today=TODAY, settings=Settings()) == 0
        assert found(rows) == settled


def test_who_gave_way_gets_the_record_that_the_other_was_refused(
    session: Session, ledger: Ledger, find: Find, people: tuple[int, int]
) -> None:
    ledger(basic_row(NUMBER))
    rows = [capture(session, invoice_number=number, **DOUBTED) for number in (CLOSE, FURTHER)]  # type: ignore[arg-type]
    for row in rows:
        find(row)
    record = session.scalars(select(RecordRow)).one()
    reject(session, rows[0], record, user_id=people[0], today=TODAY, settings=Settings())
    assert rows[0].record_id is None
    assert (rows[1].match_status, rows[1].record_id) == ("probable", record.id)


def test_a_record_whose_own_document_comes_is_no_longer_offered(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row(NUMBER))
    other = capture(session, invoice_number=CLOSE, **DOUBTED)  # type: ignore[arg-type]
    assert find(other).status is MatchStatus.PROBABLE
    assert find(capture(session)).status is MatchStatus.MATCHED
    assert other.record_id is None
    assert other.match_status == "needs_review"
    assert match_invoice(session, other, today=TODAY, settings=Settings()).record_id is None
