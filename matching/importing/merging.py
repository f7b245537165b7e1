"""What a stored record becomes when another import speaks of the same invoice. Pure; touches no database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.ledger import Direction, Record, RecordState
from models.money import from_fen, to_fen

#: columns of a record that an import can set
COMPARED: tuple[str, ...] = (
    "identity_key", "invoice_code", "invoice_number", "digital_invoice_number", "number_tail", "issue_date",
    "seller_name", "seller_tax_id", "buyer_name", "buyer_tax_id",
    "total_excl_fen", "total_tax_fen", "total_incl_fen", "kind", "kind_label", "state", "state_label", "is_positive",
    "direction", "invoice_source", "risk_level", "issuer_clerk", "remarks", "damaged",
)  # fmt: skip
_CONFLICTS = {
    "issue_date": "开票日期", "seller_tax_id": "销方识别号", "total_excl_fen": "金额", "total_tax_fen": "税额",
    "total_incl_fen": "价税合计",
}  # fmt: skip
#: states that follow one another and never go back
_ORDER = {RecordState.NORMAL: 0, RecordState.RED_PARTIAL: 1, RecordState.RED_FULL: 2, RecordState.VOID: 2}


def columns_of(record: Record, direction: Direction) -> dict[str, Any]:
    """A record as the values of its table row."""
    keys = record.keys
    number = record.digital_invoice_number or record.invoice_number
    return {
        "identity_key": keys[0] if keys else None,
        "invoice_code": record.invoice_code,
        "invoice_number": record.invoice_number[:20] if record.invoice_number else None,
        "digital_invoice_number": record.digital_invoice_number,
        "number_tail": number[-8:] if number else None,
        "issue_date": record.issue_date,
        "seller_name": record.seller_name,
        "seller_tax_id": record.seller_tax_id,
        "buyer_name": record.buyer_name,
        "buyer_tax_id": record.buyer_tax_id,
        "total_excl_fen": None if record.total_excl_tax is None else to_fen(record.total_excl_tax),
        "total_tax_fen": None if record.total_tax is None else to_fen(record.total_tax),
        "total_incl_fen": None if record.total_incl_tax is None else to_fen(record.total_incl_tax),
        "kind": record.kind.value if record.kind else None,
        "kind_label": record.kind_label,
        "state": record.state.value,
        "state_label": record.state_label,
        "is_positive": record.is_positive,
        "direction": direction.value,
        "invoice_source": record.invoice_source,
        "risk_level": record.risk_level,
        "issuer_clerk": record.issuer_clerk,
        "remarks": record.remarks,
        "damaged": dict(record.damaged),
    }


def merge(stored: Mapping[str, Any], incoming: Mapping[str, Any], *, overrides: bool) -> dict[str, Any]:
    """Blanks never erase. `overrides`: the newcomer's word stands where both speak; else it only fills blanks."""
    merged = dict(stored)
    for column, value in incoming.items():
        if value is not None and (overrides or merged[column] is None):
            merged[column] = value
    if not _says_direction(incoming["direction"]):
        merged["direction"] = stored["direction"]
    if stored["identity_key"]:  # a 数电纸票 stays under the first of its two keys
        merged["identity_key"] = stored["identity_key"]
    merged["state"], merged["state_label"] = merge_state(stored, incoming, overrides=overrides)
    damaged = {**stored["damaged"], **incoming["damaged"]}
    values = merged | {
        "total_excl_tax": merged["total_excl_fen"],
        "total_tax": merged["total_tax_fen"],
        "total_incl_tax": merged["total_incl_fen"],
    }
    merged["damaged"] = {column: why for column, why in damaged.items() if values.get(column) is None}
    return merged


def _says_direction(direction: str) -> bool:
    return direction != Direction.UNKNOWN.value


def merge_state(stored: Mapping[str, Any], incoming: Mapping[str, Any], *, overrides: bool) -> tuple[str, str | None]:
    """Newest wins, except that 作废 and 红冲 are never undone: such a file is older than the one before it."""
    before, after = RecordState(stored["state"]), RecordState(incoming["state"])
    kept = (stored["state"], stored["state_label"])
    if after is RecordState.UNKNOWN:
        return kept
    if before is RecordState.UNKNOWN:
        return incoming["state"], incoming["state_label"]
    if before in _ORDER and after in _ORDER:
        return (incoming["state"], incoming["state_label"]) if _ORDER[after] > _ORDER[before] else kept
    if before in (RecordState.VOID, RecordState.RED_FULL) or not overrides:
        return kept
    return incoming["state"], incoming["state_label"]


def conflict(stored: Mapping[str, Any], incoming: Mapping[str, Any]) -> str:
    """The fields on which both speak and disagree, for a person."""
    return "、".join(
        f"{label} {_shown(column, incoming[column])}（税务局：{_shown(column, stored[column])}）"
        for column, label in _CONFLICTS.items()
        if incoming[column] is not None and stored[column] is not None and incoming[column] != stored[column]
    )


def _shown(column: str, value: Any) -> str:
    return str(from_fen(value)) if column.endswith("_fen") else str(value)
