"""Supplement drafts (补录): made once per invoice identity, filled from evidence, checked by one, approved by another.

    draft → submitted → approved (creates the record) ─┐
      ↑        └→ returned → submitted …               ├→ closed, when the real record arrives
      └ withdrawn (may be taken up again by a new edit) ┘

Every step is an event. Submitter ≠ approver is also a constraint of the database. The caller commits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matching import draft_fields, draft_records
from matching.application_numbers import application_number, next_sequence
from matching.captured import read_captured
from models.errors import RequestError
from models.kinds import InvoiceKind
from models.matching import CauseCode, DraftState, MatchStatus
from models.tables import DraftEventRow, DraftRow, InvoiceRow, RecordKeyRow, RecordRow
from models.tables.base import now

_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
#: causes for which a draft would be wrong whatever the fields say
_NO_DRAFT = frozenset({CauseCode.SUSPICIOUS, CauseCode.IS_RED, CauseCode.RED_FLUSHED, CauseCode.VOIDED,
                       CauseCode.OTHER_ENTITY, CauseCode.DUPLICATE, CauseCode.WRONG_DIRECTION})  # fmt: skip
LABELS = {DraftState.DRAFT: "草稿", DraftState.SUBMITTED: "已提交", DraftState.APPROVED: "已批准",
          DraftState.RETURNED: "已退回", DraftState.WITHDRAWN: "已撤回", DraftState.CLOSED: "已关闭"}  # fmt: skip
_EDITABLE = (DraftState.DRAFT, DraftState.RETURNED, DraftState.WITHDRAWN)


def draft_for(session: Session, invoice: InvoiceRow, *, user_id: int | None = None) -> DraftRow | None:
    """The draft of this invoice's identity, made if there is none; None where evidence is not clean enough."""
    captured = read_captured(invoice)
    key = captured.identity
    if key is not None and (found := _by_key(session, key)) is not None:
        return found
    causes = (invoice.match or {}).get("causes") or [{"code": None}]
    if (
        key is None
        or invoice.match_status != MatchStatus.ABSENT.value
        or not captured.identity_accepted
        or captured.kind is InvoiceKind.OTHER
        or captured.failed_checks
        or captured.is_red
        or causes[0]["code"] in _NO_DRAFT
    ):
        return None
    fields, missing = draft_fields.filled(captured)
    values = {
        "identity_key": key, "invoice_id": invoice.id, "state": DraftState.DRAFT.value, "fields": fields,
        "lines": [dict(line) for line in captured.lines], "missing": missing, "created_by": user_id,
    }  # fmt: skip
    return _create(session, key, values, user_id)


def _create(session: Session, key: str, values: dict[str, Any], user_id: int | None) -> DraftRow:
    """Insert under the next free number. Where another session was faster, the constraints say so and we look again."""
    add = _INSERTS[session.get_bind().dialect.name]
    moment = now()
    sequence = next_sequence(session, moment.astimezone().date())
    while True:
        number = application_number(moment.astimezone().date(), sequence)
        row = values | {"application_number": number, "created_at": moment, "updated_at": moment}
        made = session.execute(add(DraftRow).values(row).on_conflict_do_nothing().returning(DraftRow.id)).scalar()
        if made is not None:
            draft = session.get_one(DraftRow, made)
            _event(session, draft, "created", user_id, {"missing": values["missing"]})
            return draft
        if (found := _by_key(session, key)) is not None:
            return found
        sequence = max(sequence + 1, next_sequence(session, moment.astimezone().date()))


def edit(session: Session, draft: DraftRow, changes: Mapping[str, str | None], *, user_id: int) -> DraftRow:
    """A person's values, with that person as the source. A withdrawn draft is a draft again."""
    _require(draft, *_EDITABLE)
    before = {name: draft.fields.get(name, {}).get("value") for name in changes}
    doubted = [name for name in draft.missing if name not in changes]
    draft.fields = draft_fields.edited(draft.fields, changes)
    draft.missing = draft_fields.missing(draft.fields, doubted)
    if draft.state == DraftState.WITHDRAWN:
        draft.state = DraftState.DRAFT.value
    draft.updated_at = now()
    after = {name: draft.fields[name]["value"] for name in changes}
    _event(session, draft, "edited", user_id, {"before": before, "after": after})
    return draft


def submit(session: Session, draft: DraftRow, *, user_id: int) -> DraftRow:
    missing = [n for n in draft_fields.required(draft.fields) if not draft.fields.get(n, {}).get("value")]
    if missing:
        raise RequestError("draft_incomplete", missing="、".join(draft_records.LABELS.get(n, n) for n in missing))
    if not draft_fields.sums_up(draft.fields):
        raise RequestError("invalid_request", what="金额 + 税额 ≠ 价税合计")
    _move(session, draft, (DraftState.DRAFT, DraftState.RETURNED), DraftState.SUBMITTED,
          submitted_by=user_id, submitted_at=now(), approved_by=None, return_reason=None)  # fmt: skip
    _event(session, draft, "submitted", user_id, {})
    return draft


def approve(session: Session, draft: DraftRow, *, user_id: int) -> DraftRow:
    """Another person approves; the record is created with origin `supplement`."""
    _require(draft, DraftState.SUBMITTED)
    if draft.submitted_by == user_id:
        raise RequestError("same_person")
    arrived = _recorded(session, draft)
    if arrived is not None:
        return close_when_recorded(session, draft, arrived)
    _move(session, draft, (DraftState.SUBMITTED,), DraftState.APPROVED, approved_by=user_id, decided_at=now())
    record = draft_records.record_of(draft)
    session.add(record)
    session.flush()
    session.execute(insert(RecordKeyRow), [{"key": k, "record_id": record.id} for k in draft_records.keys_of(draft)])
    draft_records.add_lines(session, record, draft)
    draft.record_id = record.id
    invoice = session.get_one(InvoiceRow, draft.invoice_id)
    invoice.match_status, invoice.record_id = MatchStatus.MATCHED.value, record.id
    invoice.match = (invoice.match or {}) | {
        "why": f"补录 {draft.application_number} 已批准",
        "causes": [],
        "differences": [],
    }
    invoice.matched_at = now()
    _event(session, draft, "approved", user_id, {"record_id": record.id})
    return draft


def send_back(session: Session, draft: DraftRow, reason: str, *, user_id: int) -> DraftRow:
    if not reason.strip():
        raise RequestError("invalid_request", what="退回时须写明原因")
    _move(session, draft, (DraftState.SUBMITTED,), DraftState.RETURNED, return_reason=reason.strip(), decided_at=now())
    _event(session, draft, "returned", user_id, {"reason": reason.strip()})
    return draft


def withdraw(session: Session, draft: DraftRow, *, user_id: int) -> DraftRow:
    _move(session, draft, (DraftState.DRAFT, DraftState.SUBMITTED, DraftState.RETURNED), DraftState.WITHDRAWN)
    _event(session, draft, "withdrawn", user_id, {})
    return draft


def close_when_recorded(session: Session, draft: DraftRow, record: RecordRow) -> DraftRow:
    """The real record has arrived: the draft ends, with a note of what it had otherwise."""
    open_states = tuple(s for s in DraftState if s is not DraftState.CLOSED)
    differences = draft_records.differences(draft, record)
    _move(session, draft, open_states, DraftState.CLOSED, record_id=record.id)
    _event(session, draft, "closed", None, {"record_id": record.id, "differences": [d.export() for d in differences]})
    return draft


def close_recorded(session: Session) -> int:
    """Close every draft whose real record has arrived; returns how many."""
    query = (
        select(DraftRow, RecordRow)
        .join(RecordKeyRow, RecordKeyRow.key == DraftRow.identity_key)
        .join(RecordRow, RecordRow.id == RecordKeyRow.record_id)
        .where(DraftRow.state != DraftState.CLOSED.value, RecordRow.origin == "import")
    )
    arrived = session.execute(query).all()
    for draft, record in arrived:
        close_when_recorded(session, draft, record)
    return len(arrived)


def _recorded(session: Session, draft: DraftRow) -> RecordRow | None:
    """A record that came from an import, not from this draft."""
    keys = draft_records.keys_of(draft)
    query = select(RecordRow).join(RecordKeyRow, RecordKeyRow.record_id == RecordRow.id)
    return session.scalars(query.where(RecordKeyRow.key.in_(keys), RecordRow.origin == "import")).first()


def _by_key(session: Session, key: str) -> DraftRow | None:
    return session.scalar(select(DraftRow).where(DraftRow.identity_key == key))


def _require(draft: DraftRow, *allowed: DraftState) -> None:
    if draft.state not in [state.value for state in allowed]:
        raise RequestError("draft_state", state=LABELS[DraftState(draft.state)])


def _move(
    session: Session, draft: DraftRow, allowed: tuple[DraftState, ...], target: DraftState, **values: Any
) -> None:
    """Change the state only from where it may be changed, in one statement: of two clicks at once, one wins."""
    session.flush()
    table = DraftRow.__table__
    assert isinstance(table, Table)
    statement = (
        update(table)
        .where(table.c.id == draft.id, table.c.state.in_([state.value for state in allowed]))
        .values(state=target.value, updated_at=now(), **values)
        .returning(table.c.id)
    )
    moved = session.execute(statement).scalar()
    session.refresh(draft)
    if moved is None:
        raise RequestError("draft_state", state=LABELS[DraftState(draft.state)])


def _event(session: Session, draft: DraftRow, action: str, actor_id: int | None, detail: dict[str, Any]) -> None:
    session.add(DraftEventRow(draft_id=draft.id, actor_id=actor_id, action=action, detail=detail))
    session.flush()
    session.expire(draft, ["events"])
