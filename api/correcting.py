"""A person's word on a field or the kind: typed or confirmed, checked again, kept with all that the readers said.

Never touches the original readings: they stay as evidence beside the person's value. Which values are possible follows
the same notation that readers use (ISO dates, two decimals, upper-case ids).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from api.invoice_columns import fill_columns
from extraction.checks.rules import run_checks
from extraction.qr_payload import QrPayload, parse
from models.errors import RequestError
from models.evidence import FieldStatus, Source
from models.invoice import COMMON_FIELDS, MONEY_FIELDS, Line
from models.kinds import InvoiceKind
from models.money import format_money, parse_money
from models.tables import InvoiceRow, User
from models.tables.base import now

LONGEST_VALUE = 1000
_CODES = frozenset({"invoice_code", "invoice_number", "digital_invoice_number", "check_code", "machine_number"})
_TAX_IDS = frozenset({"buyer_tax_id", "seller_tax_id"})


def normalised(name: str, typed: str) -> str | None:
    """`typed` in the house's notation, None where it is blank; `invalid_request` where it cannot be a `name`."""
    text = typed.strip()
    if not text:
        return None
    if len(text) > LONGEST_VALUE:
        raise RequestError("invalid_request", what=name)
    if name in MONEY_FIELDS and text != "***":
        return money(name, text)
    if name == "issue_date":
        return _iso_date(text)
    if name in _CODES | _TAX_IDS:
        code = re.sub(r"\s", "", text).upper()
        if not re.fullmatch(r"[0-9A-Z*]{4,30}", code):
            raise RequestError("invalid_request", what=f"{name}: {text}")
        return code
    return text


def money(name: str, text: str) -> str:
    """An amount with two decimals; more of them than two are refused, never rounded."""
    amount = parse_money(text)
    if amount is None or amount != amount.quantize(amount.__class__("0.01")):
        raise RequestError("invalid_request", what=f"{name}: {text}")
    return format_money(amount)


def _iso_date(text: str) -> str:
    parts = re.fullmatch(r"(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})\D?", text)
    try:
        return (
            date(*(int(part) for part in parts.groups())).isoformat() if parts else date.fromisoformat(text).isoformat()
        )
    except ValueError as wrong:
        raise RequestError("invalid_request", what=f"issue_date: {text}") from wrong


def correct_field(session: Session, row: InvoiceRow, name: str, typed: str, *, user: User) -> dict[str, Any]:
    """Set one field to what a person typed (blank: not on the document). Before and after, for the audit trail."""
    data = copied(row.data)
    if name not in data["fields"] and name not in COMMON_FIELDS:
        raise RequestError("no_such_item", what=name)
    field = data["fields"].setdefault(name, _empty_field())
    before, value = field["value"], normalised(name, typed)
    _settle(field, value, user)
    write_back(session, row, data, user)
    return {"field": name, "before": before, "after": value}


def correct_kind(session: Session, row: InvoiceRow, typed: str, *, user: User) -> dict[str, Any]:
    """Set the kind of the invoice; which checks apply, and whether the QR code agrees, follows from it."""
    if typed not in [kind.value for kind in InvoiceKind]:
        raise RequestError("invalid_request", what=f"kind: {typed[:40]}")
    data = copied(row.data)
    before = data["kind"]
    data["kind"] = typed
    data["kind_corrected"] = {**signed(user), "before": data.get("kind_corrected", {}).get("before", before)}
    write_back(session, row, data, user)
    return {"field": "kind", "before": before, "after": typed}


def signed(user: User) -> dict[str, str]:
    """Who and when, for what is kept beside a corrected part."""
    return {"by": user.display_name, "at": now().isoformat()}


def confirm_fields(session: Session, row: InvoiceRow, *, user: User) -> dict[str, Any]:
    """A person has looked at every field under review and found it right. Failed checks stay visible as they are."""
    data = copied(row.data)
    confirmed = {}
    for name, field in data["fields"].items():
        if field["status"] == FieldStatus.REVIEW:
            confirmed[name] = field["value"]
            _settle(field, field["value"], user)
    write_back(session, row, data, user, confirmed=True)
    return {"confirmed": confirmed}


def _settle(field: dict[str, Any], value: str | None, user: User) -> None:
    same = value == field["value"]
    readers = {e["source"] for e in field["evidence"] if e["value"] == value and e["source"] != Source.USER}
    said = "确认" if same else f"由“{field['value'] or '空'}”改正"
    evidence = {
        "source": Source.USER.value, "value": value or "", "raw": value or "", "confidence": 1.0,
        "box": field["box"], "repaired": None, "label": user.username,
    }  # fmt: skip
    field.update(
        value=value,
        confidence=1.0,
        source=Source.USER.value,
        status=(FieldStatus.ACCEPTED if value is not None else FieldStatus.ABSENT).value,
        agrees=sorted(readers),
        why=f"{user.display_name} 于 {now().astimezone():%Y-%m-%d %H:%M} {said}",
        evidence=[*field["evidence"], evidence],
    )


def write_back(session: Session, row: InvoiceRow, data: dict[str, Any], user: User, *, confirmed: bool = False) -> None:
    """Checks run again over the new values; columns follow the data. `confirmed`: a person vouches for the whole."""
    values = {name: field["value"] for name, field in data["fields"].items()}
    kind = InvoiceKind(data["kind"])
    lines = tuple(Line.restore(line) for line in data["lines"])
    data["checks"] = [check.export() for check in run_checks(kind, values, lines, _qr_again(data["fields"]))]
    unsure = any(f["status"] == FieldStatus.REVIEW for f in data["fields"].values())
    failed = any(check["passed"] is False for check in data["checks"])
    data["needs_review"] = not confirmed and (unsure or failed)
    row.data = data
    row.kind = kind.value
    row.needs_review = data["needs_review"]
    fill_columns(row, values)
    row.reviewed_by = user.id
    row.reviewed_at = now()
    session.flush()


def _qr_again(fields: Mapping[str, dict[str, Any]]) -> QrPayload | None:
    """What the QR code said, from the evidence it left, so that its checks can run again."""
    said = (e["raw"] for field in fields.values() for e in field["evidence"] if e["source"] == Source.QR and e["raw"])
    return next((payload for payload in map(parse, said) if payload.names_an_invoice), None)


def _empty_field() -> dict[str, Any]:
    return {
        "value": None, "confidence": 0.0, "source": None, "status": FieldStatus.ABSENT.value, "box": None,
        "agrees": [], "raw": None, "why": "", "evidence": [],
    }  # fmt: skip


def copied(data: Mapping[str, Any]) -> dict[str, Any]:
    """Deep enough: the JSON column notices a change only when it is given a new object."""
    fields = {name: dict(field) for name, field in data["fields"].items()}
    return {**data, "fields": fields}
