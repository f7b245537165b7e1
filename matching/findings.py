"""A finding as it is kept on the invoice's row (`InvoiceRow.match`), for pages, reports and later decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matching.deciding import Finding
from matching.red_links import remaining
from matching.scoring import Scored
from matching.wording import Said
from models.matching import Cause
from models.money import format_money

SHOWN_CANDIDATES = 5


def export(
    finding: Finding, before: Mapping[str, Any], *, red: Mapping[str, Any] | None, given: Mapping[int, int]
) -> dict[str, Any]:
    """`said` holds the sentences as codes, beside the Chinese ones of the contract; decisions of people stay."""
    result = finding.result
    kept = {name: before[name] for name in ("confirmed", "rejected", "rejected_by") if name in before}
    candidates = finding.ranked[:SHOWN_CANDIDATES]
    out: dict[str, Any] = kept | {
        "score": result.score,
        "differences": [d.export() for d in result.differences],
        "causes": [c.export() for c in result.causes],
        "why": str(result.why),
        "candidates": [_candidate(s) for s in candidates],
        "said": {
            "why": _said(result.why),
            "causes": [_cause(c) for c in result.causes],
            "candidates": [_said(s.number.said) for s in candidates],
        },
    }
    if red is not None:
        out["red"] = dict(red)
    elif finding.reds:
        left = remaining(finding.total_fen, finding.reds)
        out["reds"] = [r.export() for r in finding.reds]
        out["remaining"] = None if left is None else format_money(left)
    if given:
        out["given"] = {str(record): invoice for record, invoice in given.items()}
    return out


def _candidate(scored: Scored) -> dict[str, Any]:
    return {
        "record_id": scored.record.id,
        "probability": round(scored.probability, 4),
        "weights": {name: round(w, 1) for name, w in scored.shown.items()},
        "relations": scored.relations,
        "learned": {name: round(shift, 2) for name, shift in scored.shifts.items()},
        "prior": round(scored.offset, 1),
        "relation": str(scored.number.said or ""),
    }


def _said(said: object) -> list[Any] | None:
    return said.export() if isinstance(said, Said) else None


def _cause(cause: Cause) -> dict[str, Any]:
    return {"evidence": [_said(e) for e in cause.evidence], "action": _said(cause.action)}
