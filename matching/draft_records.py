"""Between a supplement draft and a record: the record an approved draft makes, and how the real one differs from it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matching.comparing import LABELS as FIELD_LABELS
from matching.folding import fold_tax_id, same_name
from models.invoice import identity_key
from models.kinds import KINDS, InvoiceKind
from models.ledger import Direction, RecordState
from models.matching import Difference
from models.money import format_money, from_fen, parse_money, to_fen
from models.tables import CompanyRow, DraftRow, RecordKeyRow, RecordLineRow, RecordRow

IMPORT, SUPPLEMENT = "import", "supplement"  #: origins of a record
LABELS = FIELD_LABELS
_MONEY = {"total_excl_tax": "total_excl_fen", "total_tax": "total_tax_fen", "total_incl_tax": "total_incl_fen"}
_COMPARED = ("issue_date", "seller_name", "seller_tax_id", "buyer_name", "buyer_tax_id", *_MONEY)


def _value(draft: DraftRow, name: str) -> str | None:
    found: str | None = draft.fields.get(name, {}).get("value")
    return found


def _fen(draft: DraftRow, name: str) -> int | None:
    amount = parse_money(_value(draft, name))
    return None if amount is None else to_fen(amount)


def keys_of(draft: DraftRow) -> list[str]:
    digital = _value(draft, "digital_invoice_number")
    keys = (
        draft.identity_key,
        identity_key(_value(draft, "invoice_code"), _value(draft, "invoice_number")),
        identity_key(None, digital),
    )
    return list(dict.fromkeys(key for key in keys if key))


def record_of(draft: DraftRow, *, ours: Collection[str]) -> RecordRow:
    """`ours`: tax ids of our companies. An invoice that we issued to somebody else is 销项, any other 进项."""
    number, digital = _value(draft, "invoice_number") or "", _value(draft, "digital_invoice_number")
    issued = _value(draft, "issue_date")
    we_sell = _value(draft, "seller_tax_id") in ours and _value(draft, "buyer_tax_id") not in ours
    direction = Direction.OUTPUT if we_sell else Direction.INPUT
    kind = InvoiceKind(_value(draft, "kind") or InvoiceKind.OTHER)
    return RecordRow(
        identity_key=draft.identity_key, invoice_code=_value(draft, "invoice_code"), invoice_number=number,
        digital_invoice_number=digital or (number if len(number) == 20 else None),
        number_tail=(digital or number)[-8:], issue_date=date.fromisoformat(issued) if issued else None,
        seller_name=_value(draft, "seller_name"), seller_tax_id=_value(draft, "seller_tax_id"),
        buyer_name=_value(draft, "buyer_name"), buyer_tax_id=_value(draft, "buyer_tax_id"),
        total_excl_fen=_fen(draft, "total_excl_tax"), total_tax_fen=_fen(draft, "total_tax"),
        total_incl_fen=_fen(draft, "total_incl_tax"), kind=kind.value, kind_label=KINDS[kind].title,
        state=RecordState.UNKNOWN.value, is_positive=True, direction=direction.value,
        issuer_clerk=_value(draft, "drawer"), remarks=_value(draft, "remarks"), damaged={}, origin=SUPPLEMENT,
    )  # fmt: skip


def write(session: Session, draft: DraftRow) -> RecordRow | None:
    """The record with its keys and lines; None where an import has just brought one under the same key."""
    record = record_of(draft, ours=frozenset(session.scalars(select(CompanyRow.tax_id))))
    try:
        with session.begin_nested():
            session.add(record)
            session.flush()
            session.execute(insert(RecordKeyRow), [{"key": key, "record_id": record.id} for key in keys_of(draft)])
            add_lines(session, record, draft)
    except IntegrityError:
        return None
    return record


def arrived(session: Session, draft: DraftRow) -> RecordRow | None:
    """The record of this invoice that came from an import."""
    return _under_its_keys(session, draft, IMPORT)


def written(session: Session, draft: DraftRow) -> RecordRow | None:
    """The record that the draft's approval made."""
    return _under_its_keys(session, draft, SUPPLEMENT)


def _under_its_keys(session: Session, draft: DraftRow, origin: str) -> RecordRow | None:
    query = select(RecordRow).join(RecordKeyRow, RecordKeyRow.record_id == RecordRow.id)
    return session.scalars(query.where(RecordKeyRow.key.in_(keys_of(draft)), RecordRow.origin == origin)).first()


def add_lines(session: Session, record: RecordRow, draft: DraftRow) -> None:
    rows = [{"record_id": record.id, "position": n, "data": line} for n, line in enumerate(draft.lines, 1)]
    if rows:
        session.execute(insert(RecordLineRow), rows)


def differences(draft: DraftRow, record: RecordRow) -> list[Difference]:
    """Where the real record says otherwise than the draft; blanks on either side say nothing."""
    found = []
    for name in _COMPARED:
        drafted = _value(draft, name)
        stored = getattr(record, _MONEY.get(name, name))
        if drafted is None or stored is None:
            continue
        shown = format_money(from_fen(stored)) if name in _MONEY else str(stored)
        if name.endswith("_name"):
            same = same_name(drafted, shown)
        elif name.endswith("_tax_id"):
            same = fold_tax_id(drafted) == fold_tax_id(shown)
        else:
            same = drafted == shown
        if not same:
            found.append(Difference(field=name, document=drafted, record=shown))
    return found
