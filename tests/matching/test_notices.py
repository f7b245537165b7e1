"""Whoever handed a document in is told what an import changed; accountants are told of each round once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from matching import notices
from matching.drafts import draft_for
from matching.notices import inbox, mark_read, unread
from matching.service import rematch
from models.matching import MatchResult
from models.settings import Settings
from models.tables import ImportRow, InvoiceRow, User
from tests.matching.captures import NUMBER, TODAY, capture
from tests.matching.ledger_rows import basic_row

Ledger = Callable[..., ImportRow]
Find = Callable[..., MatchResult]


@pytest.fixture
def who(session: Session) -> tuple[User, User]:
    """One of the staff, who hands in, and an accountant."""
    users = tuple(
        User(username=name, display_name=name, password_hash="-", role=role, failed_logins=0)
        for name, role in (("zhao", "staff"), ("wang", "accountant"))
    )
    session.add_all(users)
    session.flush()
    return users[0], users[1]


def handed_in(session: Session, person: User, **changes: str | None) -> InvoiceRow:
    row = capture(session, **changes)
    row.document.uploaded_by = person.id
    session.flush()
    return row


def again(session: Session) -> int:
    return rematch(session, today=TODAY, settings=Settings())


def codes(session: Session, user: User) -> list[str]:
    return [notice.row.code for notice in inbox(session, user)]


def test_found_after_an_import(session: Session, ledger: Ledger, find: Find, who: tuple[User, User]) -> None:
    staff, accountant = who
    row = handed_in(session, staff)
    find(row)
    assert codes(session, staff) == [], "the finding of an upload is shown there, not told"
    ledger(basic_row(NUMBER))
    again(session)
    assert codes(session, staff) == ["found"]
    assert codes(session, accountant) == ["round"]
    told = inbox(session, staff)[0].row
    assert (told.subject, told.params["number"]) == (f"invoice:{row.id}", NUMBER)
    assert inbox(session, accountant)[0].row.params == {"total": 1, "counts": {"found": 1}}
    again(session)
    assert unread(session, staff) == 1, "nothing changed: nothing told"


def test_voided_later(session: Session, ledger: Ledger, find: Find, who: tuple[User, User]) -> None:
    ledger(basic_row(NUMBER))
    find(handed_in(session, who[0]))
    ledger(basic_row(NUMBER, 发票状态="已作废"))
    again(session)
    assert codes(session, who[0]) == ["voided"]


def test_a_draft_that_the_real_record_closes(
    session: Session, ledger: Ledger, find: Find, who: tuple[User, User]
) -> None:
    ledger(basic_row("25312000000900000001", 价税合计=7))
    row = handed_in(session, who[0])
    find(row)
    draft = draft_for(session, row, user_id=who[1].id)
    assert draft is not None
    ledger(basic_row(NUMBER), name="第二次.xlsx")
    again(session)
    assert sorted(codes(session, who[1])) == ["draft_closed", "round"]


def test_drafts_that_nobody_touched_are_closed_with_one_notice(
    session: Session, ledger: Ledger, find: Find, who: tuple[User, User]
) -> None:
    ledger(basic_row("25312000000900000001", 价税合计=7))
    numbers = ["25312000000800000001", "25312000000800000002", "25312000000800000003"]
    rows = [handed_in(session, who[0], invoice_number=number) for number in numbers]
    for row in rows:
        find(row)
        assert draft_for(session, row) is not None
    ledger(*(basic_row(number) for number in numbers), name="第二次.xlsx")
    again(session)
    assert sorted(codes(session, who[1])) == ["drafts_closed", "round"]
    told = next(each.row for each in inbox(session, who[1]) if each.row.code == "drafts_closed")
    assert told.params == {"count": 3}


def test_many_changes_are_one_notice(session: Session, ledger: Ledger, find: Find, who: tuple[User, User]) -> None:
    numbers = [f"253120000001234{n:05d}" for n in range(10, notices.MOST_EACH + 11)]
    for number in numbers:
        find(handed_in(session, who[0], invoice_number=number))
    ledger(*(basic_row(number) for number in numbers))
    again(session)
    assert codes(session, who[0]) == ["round"]
    assert inbox(session, who[0])[0].row.params["total"] == len(numbers)


def test_each_reads_for_themselves(session: Session, who: tuple[User, User]) -> None:
    staff, accountant = who
    mine = notices.tell(session, "found", user_id=staff.id)
    session.flush()
    assert mark_read(session, accountant, [mine.id]) == 0, "another's notice is left alone"
    assert (unread(session, staff), unread(session, accountant)) == (1, 0)
    assert mark_read(session, staff) == 1
    assert mark_read(session, staff) == 0
    assert [notice.read for notice in inbox(session, staff)] == [True]


def test_pages_of_notices(session: Session, who: tuple[User, User]) -> None:
    for _ in range(5):
        notices.tell(session, "found", user_id=who[0].id)
    session.flush()
    first = inbox(session, who[0], limit=3)
    rest = inbox(session, who[0], before=first[-1].row.id, limit=3)
    assert [len(first), len(rest)] == [3, 2]
    assert {n.row.id for n in first}.isdisjoint(n.row.id for n in rest)


def test_marked_read_in_two_windows_at_once(
    session: Session, ledger: Ledger, find: Find, who: tuple[User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    find(handed_in(session, who[0]))
    ledger(basic_row(NUMBER))
    again(session)
    (told,) = inbox(session, who[0])
    found = session.scalars
    assert mark_read(session, who[0]) == 1
    # the other window had asked what is unread a moment before
    monkeypatch.setattr(session, "scalars", lambda _query: [told.row.id])
    mark_read(session, who[0])
    monkeypatch.setattr(session, "scalars", found)
    assert unread(session, who[0]) == 0
