"""Supplement drafts: made once, filled from clean evidence only, checked by one person and approved by another."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matching import drafts
from matching.application_numbers import is_valid
from matching.service import match_invoice, rematch
from models.database import open_engine, session_factory, transaction
from models.errors import RequestError
from models.evidence import Source
from models.kinds import InvoiceKind
from models.matching import MatchResult
from models.settings import Settings
from models.tables import CompanyRow, DraftEventRow, DraftRow, ImportRow, InvoiceRow, RecordRow
from tests.matching.captures import NUMBER, TODAY, capture
from tests.matching.ledger_rows import SELLER, basic_row

Find = Callable[..., MatchResult]
People = tuple[int, int]


@pytest.fixture
def absent(session: Session, find: Find) -> InvoiceRow:
    row = capture(session)
    find(row)
    assert row.match_status == "absent"
    return row


@pytest.fixture
def draft(session: Session, absent: InvoiceRow) -> DraftRow:
    made = drafts.draft_for(session, absent)
    assert made is not None
    return made


def refused(code: str, action: Callable[[], object]) -> None:
    with pytest.raises(RequestError) as error:
        action()
    assert error.value.code == code


class TestFilling:
    def test_accepted_fields_are_filled_with_their_origin(self, draft: DraftRow) -> None:
        assert is_valid(draft.application_number)
        assert draft.fields["total_incl_tax"] == {
            "value": "113.00", "source": "qr", "confidence": 0.99, "raw": "113.00",
        }  # fmt: skip
        assert draft.missing == []
        assert draft.lines[0]["item_name"] == "*办公用品*打印纸"
        assert [e.action for e in draft.events] == ["created"]

    def test_unsure_fields_are_empty_and_listed(self, session: Session, find: Find) -> None:
        row = capture(session, review=["seller_tax_id", "total_tax", "remarks"], seller_name=None)
        find(row)
        made = drafts.draft_for(session, row)
        assert made is not None
        assert made.fields["total_tax"]["value"] is None
        assert made.missing == ["seller_name", "seller_tax_id", "total_tax"]

    def test_one_draft_an_identity(self, session: Session, find: Find, absent: InvoiceRow, draft: DraftRow) -> None:
        assert drafts.draft_for(session, absent) is draft
        copy = capture(session, name="a.jpg")
        find(copy)
        assert drafts.draft_for(session, copy) is draft

    def test_numbers_count_up_within_a_day(self, session: Session, find: Find, draft: DraftRow) -> None:
        other = capture(session, invoice_number="25312000000777777777")
        find(other)
        made = drafts.draft_for(session, other)
        assert made is not None
        day, sequence, _ = made.application_number.split("-")
        assert (day, sequence) == (draft.application_number.split("-")[0], "000002")

    @pytest.mark.parametrize(
        "unclean",
        [
            {"review": ["invoice_number"], "source": Source.OCR},
            {"failed": ["qr_amount"]},
            {"total_incl_tax": "-113.00", "total_excl_tax": "-100.00", "total_tax": "-13.00"},
            {"kind": InvoiceKind.OTHER},
        ],
        ids=["doubted number", "failed check", "red", "not an invoice"],
    )
    def test_unclean_evidence_makes_no_draft(self, session: Session, find: Find, unclean: dict[str, object]) -> None:
        row = capture(session, **unclean)  # type: ignore[arg-type]
        find(row)
        assert drafts.draft_for(session, row) is None

    def test_a_recorded_invoice_makes_no_draft(
        self, session: Session, ledger: Callable[..., ImportRow], find: Find
    ) -> None:
        ledger(basic_row(NUMBER))
        row = capture(session)
        find(row)
        assert drafts.draft_for(session, row) is None


class TestEditing:
    def test_a_person_s_value_names_the_person_as_source(
        self, session: Session, draft: DraftRow, people: People
    ) -> None:
        drafts.edit(session, draft, {"total_incl_tax": "¥1,130", "remarks": None}, user_id=people[0])
        assert draft.fields["total_incl_tax"]["value"] == "1130.00"
        assert draft.fields["total_incl_tax"]["source"] == "user"
        assert draft.events[-1].detail["before"]["total_incl_tax"] == "113.00"
        assert draft.events[-1].actor_id == people[0]

    @pytest.mark.parametrize(
        "change",
        [{"invoice_number": "1"}, {"total_tax": "十三"}, {"total_tax": "13.005"}, {"issue_date": "2025-02-30"},
         {"seller_tax_id": "123"}, {"password": "x"}],
    )  # fmt: skip
    def test_what_is_no_value_is_refused(
        self, session: Session, draft: DraftRow, people: People, change: dict[str, str]
    ) -> None:
        before = dict(draft.fields)
        refused("invalid_request", lambda: drafts.edit(session, draft, change, user_id=people[0]))
        assert draft.fields == before


class TestWorkflow:
    def test_submit_and_approve_create_the_record(self, session: Session, draft: DraftRow, people: People) -> None:
        drafts.submit(session, draft, user_id=people[0])
        drafts.approve(session, draft, user_id=people[1])
        record = session.get_one(RecordRow, draft.record_id)
        assert (record.identity_key, record.origin, record.total_incl_fen) == (NUMBER, "supplement", 11300)
        assert len(record.lines) == 1
        assert [e.action for e in draft.events] == ["created", "submitted", "approved"]
        row = session.get_one(InvoiceRow, draft.invoice_id)
        assert match_invoice(session, row, today=TODAY, settings=Settings()).record_id == record.id

    def test_nobody_approves_their_own(self, session: Session, draft: DraftRow, people: People) -> None:
        drafts.submit(session, draft, user_id=people[0])
        refused("same_person", lambda: drafts.approve(session, draft, user_id=people[0]))
        assert draft.state == "submitted"

    def test_the_database_forbids_it_too(self, session: Session, draft: DraftRow, people: People) -> None:
        drafts.submit(session, draft, user_id=people[0])
        with pytest.raises(IntegrityError, match="four_eyes"):
            session.execute(text("UPDATE drafts SET approved_by = submitted_by"))

    def test_returned_and_submitted_again(self, session: Session, draft: DraftRow, people: People) -> None:
        drafts.submit(session, draft, user_id=people[0])
        drafts.send_back(session, draft, "金额看不清", user_id=people[1])
        assert (draft.state, draft.return_reason) == ("returned", "金额看不清")
        drafts.edit(session, draft, {"remarks": "已核对"}, user_id=people[0])
        drafts.submit(session, draft, user_id=people[0])
        assert (draft.state, draft.return_reason) == ("submitted", None)

    def test_incomplete_is_not_submitted(self, session: Session, draft: DraftRow, people: People) -> None:
        drafts.edit(session, draft, {"seller_name": ""}, user_id=people[0])
        assert draft.missing == ["seller_name"]
        refused("draft_incomplete", lambda: drafts.submit(session, draft, user_id=people[0]))

    def test_totals_that_do_not_add_up_are_not_submitted(
        self, session: Session, draft: DraftRow, people: People
    ) -> None:
        drafts.edit(session, draft, {"total_tax": "12.00"}, user_id=people[0])
        refused("invalid_request", lambda: drafts.submit(session, draft, user_id=people[0]))

    def test_steps_out_of_order_are_refused(self, session: Session, draft: DraftRow, people: People) -> None:
        one, two = people
        refused("draft_state", lambda: drafts.approve(session, draft, user_id=two))
        refused("draft_state", lambda: drafts.send_back(session, draft, "x", user_id=two))
        drafts.submit(session, draft, user_id=one)
        refused("draft_state", lambda: drafts.submit(session, draft, user_id=one))
        refused("draft_state", lambda: drafts.edit(session, draft, {"remarks": "x"}, user_id=one))
        drafts.withdraw(session, draft, user_id=one)
        refused("draft_state", lambda: drafts.approve(session, draft, user_id=two))


class TestArrivalOfTheRealRecord:
    def test_an_open_draft_closes_with_its_differences(
        self, session: Session, ledger: Callable[..., ImportRow], draft: DraftRow, absent: InvoiceRow
    ) -> None:
        ledger(basic_row(NUMBER, 税额=13.5, 价税合计=113.5))
        rematch(session, today=TODAY, settings=Settings())
        assert (draft.state, absent.match_status) == ("closed", "differs")
        [note] = [e.detail for e in draft.events if e.action == "closed"]
        assert {d["field"] for d in note["differences"]} == {"total_tax", "total_incl_tax"}

    def test_an_approved_supplement_gives_way(
        self, session: Session, ledger: Callable[..., ImportRow], draft: DraftRow, people: People
    ) -> None:
        drafts.submit(session, draft, user_id=people[0])
        drafts.approve(session, draft, user_id=people[1])
        ledger(basic_row(NUMBER, 金额=101, 价税合计=114))
        rematch(session, today=TODAY, settings=Settings())
        record = session.scalars(select(RecordRow)).one()
        assert (record.origin, record.total_excl_fen, record.seller_name) == ("import", 10100, SELLER[1])
        assert draft.state == "closed"


def test_drafts_made_at_once_are_one_an_invoice_each_with_its_own_number(
    session: Session, us: CompanyRow, database_url: str
) -> None:
    rows = [capture(session, invoice_number=f"2531200000077777777{n}") for n in range(4)]
    for row in rows:
        match_invoice(session, row, today=TODAY, settings=Settings())
    ids = [row.id for row in rows] * 2
    session.commit()
    start = threading.Barrier(len(ids))
    failures: list[BaseException] = []

    def make(invoice_id: int) -> None:
        engine = open_engine(database_url)
        try:
            start.wait()
            with transaction(session_factory(engine)) as own:
                drafts.draft_for(own, own.get_one(InvoiceRow, invoice_id))
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=make, args=(id_,)) for id_ in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    numbers = list(session.scalars(select(DraftRow.application_number)))
    assert len(numbers) == len(set(numbers)) == 4
    assert session.scalar(select(func.count()).select_from(DraftEventRow)) == 4
