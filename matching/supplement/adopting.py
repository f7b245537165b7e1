"""A person takes over what history suggests: asked for again at that moment, kept with its support, undone at will."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from matching import draft_fields
from matching.supplement import history
from matching.supplement.support import Suggestion
from matching.supplement.workflow import Step, move, note, refuse_out_of_turn
from models.errors import RequestError
from models.matching import DraftState
from models.tables import DraftRow

LINE = "line."


def adopt(session: Session, draft: DraftRow, name: str, value: str, *, user_id: int) -> DraftRow:
    """Take the suggested `value` of `name` over, if the records still support exactly it."""
    refuse_out_of_turn(draft, Step.EDIT)
    made = history.suggestion(session, draft, name)
    if made is None or not made.adoptable or made.value != value:
        raise RequestError("suggestion_gone", field=name)
    changed = _line_cell(draft, made) if name.startswith(LINE) else _field(draft, made)
    _store(session, draft, changed, user_id)
    note(session, draft, "adopted", user_id, {"name": name, "value": value, **made.support()})
    return draft


def drop_adopted(session: Session, draft: DraftRow, name: str, *, user_id: int) -> DraftRow:
    """The adopted cell of an item row is what it was before; fields are emptied by `edit`."""
    refuse_out_of_turn(draft, Step.EDIT)
    key = name.removeprefix(LINE)
    if key not in draft.line_support:
        raise RequestError("no_such_item", what=name)
    row, cell = key.split(".")
    lines = [dict(line) for line in draft.lines]
    lines[int(row)][cell] = draft.line_support[key]["before"]
    support = {k: v for k, v in draft.line_support.items() if k != key}
    _store(session, draft, {"lines": lines, "line_support": support}, user_id)
    note(session, draft, "dropped", user_id, {"name": name})
    return draft


def _field(draft: DraftRow, made: Suggestion) -> dict[str, Any]:
    fields = {name: dict(field) for name, field in draft.fields.items()}
    fields[made.name] = {
        "value": made.value, "source": history.HISTORY, "confidence": made.confidence, "raw": None,
        "support": made.support(),
    }  # fmt: skip
    missing = draft_fields.missing(fields, [name for name in draft.missing if name != made.name])
    return {"fields": fields, "missing": missing, **draft_fields.columns(fields)}


def _line_cell(draft: DraftRow, made: Suggestion) -> dict[str, Any]:
    key = made.name.removeprefix(LINE)
    row, cell = key.split(".")
    lines = [dict(line) for line in draft.lines]
    before = lines[int(row)].get(cell)
    lines[int(row)][cell] = made.value
    kept = {**made.support(), "value": made.value, "confidence": made.confidence, "before": before}
    return {"lines": lines, "line_support": {**draft.line_support, key: kept}}


def _store(session: Session, draft: DraftRow, changed: dict[str, Any], user_id: int) -> None:
    step = Step.REOPEN if draft.state == DraftState.WITHDRAWN else Step.EDIT
    move(session, draft, step, edited_by=user_id, ended_because=None, **changed)
