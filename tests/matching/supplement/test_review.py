"""The review: taken by one, seen by others, four eyes also for the last editor, and nobody decides on what changed."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matching import drafts
from matching.supplement.workflow import STEPS, Step
from models.database import open_engine, session_factory, transaction
from models.errors import ChapiaoError, RequestError
from models.matching import DraftState
from models.tables import DraftRow, InvoiceRow, RecordRow, User
from tests.matching.supplement.conftest import Draft, refused

People = tuple[int, int]


@pytest.fixture
def third(session: Session) -> int:
    user = User(username="zhao", display_name="赵", password_hash="-", role="accountant", failed_logins=0)
    session.add(user)
    session.flush()
    return user.id


@pytest.fixture
def submitted(session: Session, draft: Draft, people: People) -> DraftRow:
    return drafts.submit(session, draft(), user_id=people[0])


def test_a_reviewer_takes_it_and_the_others_are_told_who(
    session: Session, submitted: DraftRow, people: People, third: int
) -> None:
    drafts.take(session, submitted, user_id=people[1])
    assert (submitted.state, submitted.reviewer_id) == ("in_review", people[1])
    refused("draft_taken", lambda: drafts.take(session, submitted, user_id=third))
    refused("draft_taken", lambda: drafts.approve(session, submitted, user_id=third))
    refused("draft_taken", lambda: drafts.send_back(session, submitted, "x", user_id=third))
    drafts.approve(session, submitted, user_id=people[1])
    assert submitted.state == "approved"


def test_a_colleague_releases_the_review_of_one_who_is_away(
    session: Session, submitted: DraftRow, people: People, third: int
) -> None:
    drafts.take(session, submitted, user_id=people[1])
    drafts.release(session, submitted, user_id=third)
    assert (submitted.state, submitted.reviewer_id) == ("submitted", None)
    drafts.approve(session, submitted, user_id=third)


def test_the_submitter_does_not_review(session: Session, submitted: DraftRow, people: People) -> None:
    refused("same_person", lambda: drafts.take(session, submitted, user_id=people[0]))


def test_whoever_typed_the_values_last_does_not_approve_them(session: Session, draft: Draft, people: People) -> None:
    made = draft()
    drafts.edit(session, made, {"remarks": "已核对"}, user_id=people[1])
    drafts.submit(session, made, user_id=people[0])
    refused("same_editor", lambda: drafts.approve(session, made, user_id=people[1]))
    with pytest.raises(IntegrityError, match="four_eyes"):
        session.execute(text(f"UPDATE drafts SET approved_by = {people[1]}"))


def test_nobody_approves_what_they_did_not_see(session: Session, draft: Draft, people: People) -> None:
    made = drafts.submit(session, draft(), user_id=people[0])
    seen = made.version
    drafts.withdraw(session, made, user_id=people[0])
    drafts.edit(session, made, {"remarks": "改过"}, user_id=people[0])
    drafts.submit(session, made, user_id=people[0])
    refused("draft_changed", lambda: drafts.approve(session, made, user_id=people[1], seen_version=seen))
    drafts.approve(session, made, user_id=people[1], seen_version=made.version)


def test_an_edit_of_what_another_has_changed_is_refused(session: Session, draft: Draft, people: People) -> None:
    made = draft()
    seen = made.version
    drafts.edit(session, made, {"remarks": "一"}, user_id=people[0])
    refused(
        "draft_changed", lambda: drafts.edit(session, made, {"remarks": "二"}, user_id=people[1], seen_version=seen)
    )
    assert made.fields["remarks"]["value"] == "一"


def test_what_is_no_longer_plainly_absent_is_neither_submitted_nor_approved(
    session: Session, draft: Draft, people: People
) -> None:
    made = draft()
    invoice = session.get_one(InvoiceRow, made.invoice_id)
    invoice.match_status = "probable"
    refused("draft_not_absent", lambda: drafts.submit(session, made, user_id=people[0]))
    invoice.match_status = "absent"
    drafts.submit(session, made, user_id=people[0])
    invoice.match_status = "probable"
    refused("draft_not_absent", lambda: drafts.approve(session, made, user_id=people[1]))


ACTIONS = {
    Step.EDIT: lambda s, d, u: drafts.edit(s, d, {"remarks": "x"}, user_id=u),
    Step.SUBMIT: lambda s, d, u: drafts.submit(s, d, user_id=u),
    Step.TAKE: lambda s, d, u: drafts.take(s, d, user_id=u),
    Step.RELEASE: lambda s, d, u: drafts.release(s, d, user_id=u),
    Step.APPROVE: lambda s, d, u: drafts.approve(s, d, user_id=u),
    Step.SEND_BACK: lambda s, d, u: drafts.send_back(s, d, "x", user_id=u),
    Step.WITHDRAW: lambda s, d, u: drafts.withdraw(s, d, user_id=u),
}


@pytest.mark.parametrize("step", ACTIONS)
@pytest.mark.parametrize("state", DraftState)
def test_every_step_out_of_turn_is_refused(
    session: Session, draft: Draft, people: People, step: Step, state: DraftState
) -> None:
    if state in STEPS[step].sources:
        pytest.skip("in turn")
    made = draft()
    made.state = state.value
    session.flush()
    refused("draft_state", lambda: ACTIONS[step](session, made, people[1]))
    assert made.state == state.value


def test_a_comment_is_kept_in_any_state_and_changes_nothing_else(
    session: Session, submitted: DraftRow, people: People
) -> None:
    version = submitted.version
    drafts.comment(session, submitted, " 请补合同 ", user_id=people[1])
    assert (submitted.events[-1].action, submitted.events[-1].detail) == ("commented", {"text": "请补合同"})
    assert submitted.version == version
    refused("invalid_request", lambda: drafts.comment(session, submitted, "  ", user_id=people[1]))


def test_due_day_and_assignee(session: Session, draft: Draft, people: People) -> None:
    made = draft()
    assert made.due_on is not None
    drafts.set_due(session, made, date(2025, 5, 1), user_id=people[0])
    drafts.assign(session, made, people[1], user_id=people[0])
    assert (made.due_on, made.assigned_to) == (date(2025, 5, 1), people[1])
    refused("no_such_item", lambda: drafts.assign(session, made, 999, user_id=people[0]))


def test_of_two_approvals_at_once_one_makes_the_record(
    session: Session, submitted: DraftRow, people: People, third: int, database_url: str
) -> None:
    session.commit()
    start = threading.Barrier(2)
    refusals: list[str] = []

    def approve(user_id: int) -> None:
        engine = open_engine(database_url)
        try:
            with transaction(session_factory(engine)) as own:
                row = own.get_one(DraftRow, submitted.id)
                start.wait()
                drafts.approve(own, row, user_id=user_id)
        except ChapiaoError as error:
            refusals.append(error.code)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=approve, args=(user,)) for user in (people[1], third)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    supplements = select(func.count()).where(RecordRow.origin == "supplement")
    assert session.scalar(supplements) == 1
    assert len(refusals) == 1 and refusals[0] in ("draft_state", "draft_changed")


def test_a_refusal_has_a_stable_code_and_both_languages(session: Session, submitted: DraftRow, people: People) -> None:
    with pytest.raises(RequestError) as error:
        drafts.approve(session, submitted, user_id=people[0])
    assert error.value.export("en")["code"] == "same_person"
