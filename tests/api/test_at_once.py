"""People and workers who change one thing at the same moment; what is refused halfway. Nothing is half done or lost.

Each test lets the other come in at the worst moment. The same holds on PostgreSQL, by locks of rows.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from api.correcting import correct_field
from api.pipeline import documents
from api.queries.documents import hold_invoice
from matching.drafts import approve
from models.database import gave_way, transaction
from models.errors import ChapiaoError, RequestError
from models.tables import AuditEvent, DraftRow, InvoiceRow, RecordKeyRow, RecordRow, User
from models.tables.accounts import Role
from tests.api.conftest import _HASH, PASSWORD

XML = "03-digital-special.xml"


def values(service, invoice_id: int) -> dict[str, str | None]:
    with service.session() as session:
        fields = session.get_one(InvoiceRow, invoice_id).data["fields"]
        return {name: field["value"] for name, field in fields.items()}


def corrects(service, who: str, invoice_id: int, name: str, typed: str, *, held: Callable[[], None]) -> None:
    with service.session() as session:
        user = session.query(User).filter_by(username=who).one()
        invoice = hold_invoice(session, user, invoice_id)
        held()
        correct_field(session, invoice, name, typed, user=user)


@pytest.fixture(params=["sqlite", "postgresql"])
def on_either(request: pytest.FixtureRequest, make_service):
    """A service on SQLite, and one on PostgreSQL with two accountants of its own."""
    if request.param == "sqlite":
        return make_service()
    service = make_service(database_url=request.getfixturevalue("postgresql_url")("template1"))
    with service.session() as session:
        for name in ("acc", "acc2"):
            role = Role.ACCOUNTANT.value
            session.add(
                User(username=name, display_name=name, role=role, password_hash=_HASH, must_change_password=False)
            )
    return service


def test_of_two_corrections_at_once_neither_is_lost(on_either) -> None:
    service = on_either
    invoice_id = service.invoice_id(service.bring(service.browser("acc"), XML))
    first_holds, second_asks = threading.Event(), threading.Event()

    def first() -> None:
        def held() -> None:
            first_holds.set()
            second_asks.wait(5)
            threading.Event().wait(0.2)  # long enough for the other to read, if it could

        corrects(service, "acc", invoice_id, "payee", "甲", held=held)

    one = threading.Thread(target=first)
    one.start()
    assert first_holds.wait(5)
    second_asks.set()
    corrects(service, "acc2", invoice_id, "reviewer", "乙", held=lambda: None)
    one.join()
    found = values(service, invoice_id)
    assert (found["payee"], found["reviewer"]) == ("甲", "乙")


def test_what_a_person_corrected_stands_when_the_document_is_read_again(service) -> None:
    client = service.browser("acc")
    document_id = service.bring(client, XML)
    invoice_id = service.invoice_id(document_id)
    client.post(f"/invoices/{invoice_id}/fields/payee", data={"value": "甲"})
    documents.fail(service.app.state.sessions, document_id, ChapiaoError("processing_failed", what="…"))
    client.post(f"/documents/{document_id}/retry")
    service.read(document_id)
    assert values(service, invoice_id)["payee"] == "甲"


def test_a_refused_approval_approves_nothing(service) -> None:
    """The invoice has a second number, under which another supplement of it was approved."""
    service.bring_absent(service.browser("boss"), XML)
    with service.session() as session:
        draft = session.query(DraftRow).one()
        number = draft.application_number
        other = RecordRow(origin="supplement", state="unknown", direction="input", damaged={})
        session.add(other)
        session.flush()
        session.add(RecordKeyRow(key=draft.identity_key, record_id=other.id))
    assert service.browser("acc").post(f"/drafts/{number}/submit").status_code == 303
    assert service.browser("acc2").post(f"/drafts/{number}/approve").status_code == 409
    with service.session() as session:
        draft = session.query(DraftRow).one()
        assert (draft.state, draft.approved_by) == ("submitted", None)


def test_work_in_a_savepoint_goes_with_the_transaction_around_it(service) -> None:
    with pytest.raises(ZeroDivisionError), transaction(service.app.state.sessions) as session:
        session.query(User).first()
        with session.begin_nested():
            session.add(AuditEvent(action="half", detail={}))
        raise ZeroDivisionError
    with service.session() as session:
        assert session.query(AuditEvent).filter_by(action="half").count() == 0


def test_an_error_of_the_database_names_no_values(service) -> None:
    """It is logged, and shown to whoever looks after the service."""
    with pytest.raises(Exception, match="UNIQUE") as refused, service.session() as session:
        session.add(User(username="boss", display_name="机密", role="staff", password_hash="argon"))
    assert "机密" not in str(refused.value) and "argon" not in str(refused.value)


def test_a_supplement_is_not_approved_when_its_record_is_found_at_that_moment(service) -> None:
    """The approver's page still says that it is absent."""
    service.bring_absent(service.browser("boss"), XML)
    with service.session() as session:
        number = session.query(DraftRow).one().application_number
    service.browser("acc").post(f"/drafts/{number}/submit")
    approving = service.app.state.sessions()
    draft = approving.query(DraftRow).one()
    assert approving.get_one(InvoiceRow, draft.invoice_id).match_status == "absent"
    with service.session() as session:
        session.query(InvoiceRow).one().match_status = "probable"
    approver = approving.query(User).filter_by(username="acc2").one()
    with pytest.raises(RequestError, match="不是“未入账”"):
        approve(approving, draft, user_id=approver.id)
    approving.rollback()
    approving.close()


def test_who_waits_in_vain_behind_a_long_import_is_told_to_try_again(service) -> None:
    engine = service.app.state.engine
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=10"))
    engine.dispose()
    login = {"username": "acc", "password": PASSWORD}
    with closing(sqlite3.connect(engine.url.database)) as an_import:
        an_import.execute("BEGIN IMMEDIATE")
        refused = service.anybody().post("/login", data=login)
        an_import.rollback()
    assert refused.status_code == 503
    assert "busy" in refused.text
    assert service.anybody().post("/login", data=login).status_code == 303


def test_what_is_no_rivalry_is_no_reason_to_try_again() -> None:
    broken = OperationalError("SELECT 1", {}, sqlite3.OperationalError("no such table: invoices"))
    assert not gave_way(broken)
    deadlock = OperationalError("UPDATE", {}, psycopg.errors.DeadlockDetected("deadlock detected"))
    assert gave_way(deadlock)
