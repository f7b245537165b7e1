"""What matching learned is shown with its support and forgotten by an administrator, on the record."""

from __future__ import annotations

from sqlalchemy import select

from models.database import open_engine, session_factory, transaction
from models.tables import AuditEvent, LearnedWeightRow
from models.tables.base import now
from tests.api.cli.conftest import Chapiao


def test_shown_and_forgotten_with_a_trail(chapiao: Chapiao) -> None:
    for name, role in (("boss", "administrator"), ("acc", "accountant")):
        assert chapiao("users", "add", name, "--role", role).code == 0
    assert chapiao("weights", "show", "--json").lines == [{"confirmed": 0, "rejected": 0, "weights": []}]
    sessions = session_factory(open_engine(f"sqlite:///{chapiao.folder / 'data/chapiao.sqlite'}"))
    with transaction(sessions) as session:
        session.add(
            LearnedWeightRow(field="number", relation="slip", shift=1.5, confirmed=30, rejected=2, learned_at=now())
        )
    (shown,) = chapiao("weights", "show", "--json").lines
    assert [(w["relation"], w["shift"], w["confirmed"], w["rejected"]) for w in shown["weights"]] == [
        ("slip", 1.5, 30, 2)
    ]
    assert "+1.50" in chapiao("weights", "show").out
    refused = chapiao("weights", "forget", "--as", "acc")
    assert (refused.code, "forbidden" in refused.err) == (2, True)
    assert chapiao("weights", "forget", "--as", "boss").code == 0
    assert chapiao("weights", "show", "--json").lines[0]["weights"] == []
    with sessions() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "cli:weights:forget")).one()
        assert event.detail["weights"][0]["shift"] == 1.5
