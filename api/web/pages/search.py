"""查找: one box over documents, records and supplements, with filters, and searches that people keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from api import audit
from api.audit import Action
from api.gate.database import Database
from api.gate.visitor import PageUser, sees_all
from api.queries import saved_views
from api.queries.searching import HitPage, counts, found_in, seen_by
from api.web.rendering import render
from matching.searching import Asked, Kind, index_of, take_apart
from models.kinds import InvoiceKind
from models.ledger import Direction, RecordState
from models.matching import DraftState, MatchStatus
from models.money import parse_money
from models.tables import User

router = APIRouter(include_in_schema=False)

FIRST = 8  #: hits of each kind where all three are shown
PAGE = 30
_STATUSES = (
    ("document", "match", tuple(s.value for s in MatchStatus if s is not MatchStatus.NO_DOCUMENT)),
    ("record", "record", tuple(s.value for s in RecordState)),
    ("draft", "draft", tuple(s.value for s in DraftState)),
)
_NAMES = ("q", "what", "status", "kind", "direction", "since", "until", "least", "most", "tax_id", "nearly")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The form as it was filled in."""

    q: str = ""
    what: str = ""
    status: str = ""
    kind: str = ""
    direction: str = ""
    since: str = ""
    until: str = ""
    least: str = ""
    most: str = ""
    tax_id: str = ""
    nearly: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Wanted:
        return cls(**{name: given.get(name, "").strip()[:200] for name in _NAMES})

    @property
    def chosen(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in _NAMES if getattr(self, name)}

    @property
    def filtered(self) -> bool:
        return bool(self.chosen.keys() - {"q", "what", "nearly"})

    def query(self, **changes: str) -> str:
        """The query string of this search with `changes`."""
        return urlencode({name: value for name, value in {**self.chosen, **changes}.items() if value})

    def asked(self) -> Asked:
        """A half-typed date or amount does not narrow."""
        status = self.status.rpartition(":")[2]
        return Asked(
            terms=take_apart(self.q), statuses=(status,) if status else (), kinds=(self.kind,) if self.kind else (),
            direction=self.direction, first=_day(self.since), last=_day(self.until), least=_fen(self.least),
            most=_fen(self.most), tax_id=self.tax_id, nearly=bool(self.nearly),
        )  # fmt: skip

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Which shelves are looked at: the chosen one, or the one that the status or the direction is of."""
        where = self.what or self.status.rpartition(":")[0] or ("record" if self.direction else "")
        return (Kind(where),) if where in set(Kind) else tuple(Kind)


@router.get("/search")
def search_page(
    request: Request, session: Database, user: PageUser,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:  # fmt: skip
    wanted = Wanted.of(request.query_params)
    return render(
        request, "search.html", wanted=wanted, statuses=_STATUSES, kinds=tuple(InvoiceKind),
        directions=tuple(Direction), views=saved_views.visible(session, user), see_records=sees_all(user),
        cursor=cursor, **_results(session, user, wanted, cursor),
    )  # fmt: skip


def _results(session: Session, user: User, wanted: Wanted, cursor: str | None) -> dict[str, Any]:
    index = index_of(session)
    standing = index.follow(session)
    found: dict[Kind, HitPage] = {}
    totals: dict[Kind, int] = {}
    if wanted.chosen.keys() - {"what", "nearly"}:
        asked, sees = wanted.asked(), seen_by(session, user)
        kinds = [kind for kind in wanted.kinds if kind is not Kind.RECORD or sees_all(user)]
        for kind in kinds:
            limit = PAGE if len(kinds) == 1 else FIRST
            found[kind] = found_in(session, index, sees, kind, asked, cursor=cursor, limit=limit)
        totals = {kind: page.exact for kind, page in found.items()}
        if len(kinds) == 1:
            totals = counts(index, sees, asked)
    return {"found": found, "totals": totals, "standing": standing}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _fen(text: str) -> int | None:
    value = parse_money(text)
    return None if value is None else int(value * 100)


@router.post("/search/views")
def save_view(
    session: Database, user: PageUser, name: Annotated[str, Form(max_length=80)],
    query: Annotated[str, Form(max_length=2000)] = "", shared: Annotated[bool, Form()] = False,
) -> Response:  # fmt: skip
    view = saved_views.save(session, user, name=name, query=query, shared=shared)
    audit.record(session, user.id, Action.WEB_VIEW_SAVE, f"view:{view.id}", {"name": view.name, "shared": shared})
    return RedirectResponse(f"/search?{view.query}", 303)


@router.post("/search/views/{view_id}/delete")
def delete_view(session: Database, user: PageUser, view_id: int) -> Response:
    view = saved_views.delete(session, user, view_id)
    audit.record(session, user.id, Action.WEB_VIEW_DELETE, f"view:{view_id}", {"name": view.name})
    return RedirectResponse("/search", 303)
