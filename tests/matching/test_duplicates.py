"""One invoice is one, whatever the medium: the first capture stands, later ones are linked to it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from models.evidence import Source
from models.matching import CauseCode, MatchResult, MatchStatus
from models.tables import CompanyRow, ImportRow
from tests.matching.captures import NUMBER, capture
from tests.matching.ledger_rows import basic_row

Find = Callable[..., MatchResult]


def test_photo_and_ofd_after_the_pdf(session: Session, ledger: Callable[..., ImportRow], find: Find) -> None:
    ledger(basic_row(NUMBER))
    first = capture(session, name="a.pdf")
    find(first)
    for name, source in (("a.jpg", Source.OCR), ("a.ofd", Source.OFD)):
        found = find(capture(session, name=name, source=source))
        assert found.status is MatchStatus.DUPLICATE
        assert (found.duplicate_of, found.record_id) == (first.id, first.record_id)
    assert find(first).status is MatchStatus.MATCHED, "matching again does not turn the first into a copy"


def test_the_one_matched_first_stands_even_if_captured_later(session: Session, find: Find) -> None:
    slow, quick = capture(session), capture(session)
    assert find(quick).duplicate_of == slow.id
    assert find(slow).status is MatchStatus.ABSENT
    assert find(quick).duplicate_of == slow.id


def test_a_changed_amount_on_the_second_is_shown(session: Session, find: Find) -> None:
    first = capture(session)
    find(first)
    found = find(capture(session, total_incl_tax="1130.00"))
    assert found.status is MatchStatus.DUPLICATE
    assert found.causes[0].code is CauseCode.DUPLICATE
    assert [(d.field, d.document, d.record) for d in found.differences] == [("total_incl_tax", "1130.00", "113.00")]
    assert "改动" in "".join(found.causes[0].evidence)


def test_a_doubted_number_that_hits_another_invoice_is_reviewed(session: Session, find: Find) -> None:
    find(capture(session))
    found = find(capture(session, review=["invoice_number"], source=Source.OCR, total_incl_tax="999.00"))
    assert found.status is MatchStatus.NEEDS_REVIEW


def test_a_second_photo_with_a_misread_digit_is_not_another_absent_invoice(
    session: Session, ledger: Callable[..., ImportRow], us: CompanyRow, find: Find
) -> None:
    ledger(basic_row())
    first = capture(session)
    assert find(first).status is MatchStatus.MATCHED
    again = find(capture(session, source=Source.OCR, invoice_number="25312000000123456780"))
    assert again.status is MatchStatus.NEEDS_REVIEW
    assert again.duplicate_of == first.id
    assert again.causes[0].code is CauseCode.DUPLICATE
