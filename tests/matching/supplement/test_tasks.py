"""What waits for whom, what is late, and the digest of it."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from matching import drafts
from matching.supplement.attaching import attach, attached, detach
from matching.supplement.tasks import days_late, digests, tasks_of
from models.tables import DraftRow
from tests.matching.supplement.conftest import Draft, refused

People = tuple[int, int]


def day_of(made: DraftRow) -> date:
    assert made.due_on is not None
    return made.due_on


def numbers(rows: object) -> list[str]:
    return [row.application_number for row in rows]  # type: ignore[attr-defined]


def test_a_draft_waits_for_everyone_until_it_is_assigned(session: Session, draft: Draft, people: People) -> None:
    made = draft()
    assert numbers(tasks_of(session, people[0], today=day_of(made)).to_complete) == [made.application_number]
    drafts.assign(session, made, people[1], user_id=people[0])
    assert tasks_of(session, people[0], today=day_of(made)).to_complete == []
    assert numbers(tasks_of(session, people[1], today=day_of(made)).to_complete) == [made.application_number]


def test_a_submitted_one_waits_for_the_others(session: Session, draft: Draft, people: People) -> None:
    made = drafts.submit(session, draft(), user_id=people[0])
    assert tasks_of(session, people[0], today=day_of(made)).count == 0
    assert numbers(tasks_of(session, people[1], today=day_of(made)).to_review) == [made.application_number]


def test_a_returned_one_waits_for_its_submitter(session: Session, draft: Draft, people: People) -> None:
    made = drafts.submit(session, draft(), user_id=people[0])
    drafts.send_back(session, made, "税号不清", user_id=people[1])
    assert numbers(tasks_of(session, people[0], today=day_of(made)).returned) == [made.application_number]
    assert tasks_of(session, people[1], today=day_of(made)).count == 0


def test_late_is_counted_in_days_and_only_while_open(session: Session, draft: Draft, people: People) -> None:
    made = draft()
    late = day_of(made) + timedelta(days=3)
    assert (days_late(made, day_of(made)), days_late(made, late)) == (0, 3)
    assert numbers(tasks_of(session, people[0], today=late).overdue) == [made.application_number]
    drafts.withdraw(session, made, user_id=people[0])
    assert days_late(made, late) == 0


def test_the_digest_names_only_those_who_have_something_to_do(session: Session, draft: Draft, people: People) -> None:
    made = drafts.submit(session, draft(), user_id=people[0])
    [digest] = digests(session, today=day_of(made))
    assert digest.export() == {
        "username": "li", "display_name": "li", "returned": [], "to_review": [made.application_number],
        "to_complete": [], "overdue": [],
    }  # fmt: skip


def test_attachments_are_limited_listed_once_and_only_detached(session: Session, draft: Draft, people: People) -> None:
    made = draft()

    def bring(content: str, most: int = 2) -> int:
        return attach(session, made, sha256=content * 64, name=f"合同{content}.pdf", media="pdf", size=9, most=most,
                      user_id=people[0]).id  # fmt: skip

    first = bring("a")
    assert bring("a") == first
    bring("b")
    refused("too_many_attachments", lambda: bring("c"))
    gone = detach(session, made, first, user_id=people[1])
    assert [a.name for a in attached(session, made)] == ["合同b.pdf"]
    assert (gone.detached_by, len(made.attachments)) == (people[1], 2)
    refused("no_such_item", lambda: detach(session, made, first, user_id=people[1]))
    assert [e.action for e in made.events] == ["created", "attached", "attached", "detached"]
