"""Who "we" are: the companies and branches whose invoices are captured, with the names they had and when.

A company is closed, not deleted: what it bought and sold stays ours. `remove_company` is for one that never was ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from matching.digits import Distance, compare
from matching.directions import tell as tell_directions
from matching.folding import fold_name, fold_tax_id
from matching.prepared import Prepared, rows_as_text
from models.errors import RequestError, Text
from models.tables import CompanyRow, UserCompanyRow

_TAX_ID = re.compile(r"[0-9A-Z]{15,20}")
_UNTIL = re.compile(r"(?P<name>.+?)[\s,，;；|(（]+(?:至|until)?\s*(?P<until>\d{4}-\d\d-\d\d)[)）]?")
#: what of a company decides a match; short name and note do not
MATCHED_BY = frozenset({"name", "tax_id", "former_names", "names_until", "parent_id", "shares_tax_id", "closed_on"})


class _Entity(NamedTuple):
    id: int
    name: str
    tax_id: str
    former_names: list[str]
    names_until: dict[str, str]
    parent_id: int | None
    shares_tax_id: bool
    closed_on: date | None


#: all of them, as one text
COMPANIES = rows_as_text([getattr(CompanyRow, name) for name in _Entity._fields])
_COMPANIES = Prepared(select(COMPANIES))


def add_company(
    session: Session, *, name: str, tax_id: str, former_names: Iterable[str] = (), short_name: str | None = None,
    parent: CompanyRow | None = None, note: str | None = None,
) -> CompanyRow:  # fmt: skip
    """Register one of our entities; a known tax id is updated, and its earlier name kept as a former one.

    A blank tax id with a parent makes a branch that uses its head office's. A former name may end with its last day,
    `青禾商行 2023-05-31`. Records imported before are told their direction; the caller matches again what is open.
    """
    shares = parent is not None and not tax_id.strip()
    name, folded_id = _name(name), parent.tax_id if parent is not None and shares else _tax_id(tax_id)
    former, until = _former(former_names)
    same = CompanyRow.tax_id == folded_id, CompanyRow.shares_tax_id.is_(shares)
    row = session.scalar(select(CompanyRow).where(*same, *([CompanyRow.name == name] if shares else [])))
    if row is None:
        row = CompanyRow(name=name, tax_id=folded_id, shares_tax_id=shares, former_names=former, names_until=until)
        session.add(row)
    else:
        renamed = [row.name] if fold_name(row.name) != fold_name(name) else []
        row.former_names = list(dict.fromkeys(n for n in (*row.former_names, *renamed, *former) if n != name))
        row.names_until = {n: day for n, day in {**row.names_until, **until}.items() if n in row.former_names}
        row.name = name
    session.flush()
    if parent is not None:
        _place_under(session, row, parent)
    row.short_name, row.note = _said(short_name) or row.short_name, _said(note) or row.note
    session.flush()
    tell_directions(session)
    return row


def edit_company(session: Session, row: CompanyRow, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change what `changes` names: name, tax_id, former_names, short_name, parent_id, shares_tax_id, note.

    Returns what changed, as `{field: [before, after]}`. Raises RequestError. The caller matches again.
    """
    before = exported(row)
    if "name" in changes:
        row.name = _name(changes["name"])
    if "former_names" in changes:
        former, row.names_until = _former(changes["former_names"])
        row.former_names = [each for each in former if each != row.name]
    if "short_name" in changes:
        row.short_name = _said(changes["short_name"])
    if "note" in changes:
        row.note = _said(changes["note"])
    if "parent_id" in changes:
        parent = find_company(session, changes["parent_id"]) if changes["parent_id"] else None
        if parent is None:
            row.parent_id = None
        else:
            _place_under(session, row, parent)
    _set_tax_id(session, row, changes)
    session.flush()
    after = exported(row)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if "tax_id" in changed:
        tell_directions(session)
    return changed


def _set_tax_id(session: Session, row: CompanyRow, changes: Mapping[str, Any]) -> None:
    shares = bool(changes.get("shares_tax_id", row.shares_tax_id))
    if shares and row.parent_id is None:
        raise RequestError("invalid_request", what="只有分支机构才能使用总机构的税号 / a branch needs its head office")
    if shares:
        if _used(session, UserCompanyRow.company_id == row.id) or _children(session, row):
            raise RequestError("company_in_use", name=row.name)
        row.tax_id = session.get_one(CompanyRow, row.parent_id).tax_id
    elif changes.get("tax_id") is not None or row.shares_tax_id:
        wanted = _tax_id(str(changes.get("tax_id") or ""))
        other = select(CompanyRow.id).where(
            CompanyRow.tax_id == wanted, CompanyRow.shares_tax_id.is_(False), CompanyRow.id != row.id
        )
        if session.scalar(other) is not None:
            raise RequestError("invalid_request", what=f"税号已登记 / tax id is taken: {wanted}")
        for branch in _children(session, row):
            if branch.shares_tax_id:
                branch.tax_id = wanted
        row.tax_id = wanted
    row.shares_tax_id = shares


def _place_under(session: Session, row: CompanyRow, parent: CompanyRow) -> None:
    above: CompanyRow | None = parent
    while above is not None:
        if above.id == row.id:
            raise RequestError("invalid_request", what="不能隶属于自己或自己的下级 / cannot be under itself")
        above = session.get(CompanyRow, above.parent_id) if above.parent_id else None
    if parent.shares_tax_id:
        raise RequestError("invalid_request", what="上级单位须有自己的税号 / the parent needs a tax id of its own")
    row.parent_id = parent.id
    if row.shares_tax_id:
        row.tax_id = parent.tax_id


def close_company(session: Session, row: CompanyRow, on: date | None) -> None:
    """`on` is its last day of business; None opens it again. What was issued to it before stays ours."""
    row.closed_on = on
    session.flush()


def remove_company(session: Session, row: CompanyRow) -> None:
    """Take an entity away that was registered by mistake; what was matched with it is matched again by the caller.

    Refused while it has branches, or somebody's list names it: without a list they would see everything.
    """
    if _children(session, row) or _used(session, UserCompanyRow.company_id == row.id):
        raise RequestError("company_in_use", name=row.name)
    session.delete(row)
    session.flush()


def _children(session: Session, row: CompanyRow) -> list[CompanyRow]:
    return list(session.scalars(select(CompanyRow).where(CompanyRow.parent_id == row.id)))


def _used(session: Session, condition: Any) -> bool:
    return bool(session.scalar(select(exists().where(condition))))


def find_company(session: Session, key: int | str) -> CompanyRow:
    """By id, or by tax id (never the branch that only shares it)."""
    row = (
        session.get(CompanyRow, key)
        if isinstance(key, int)
        else session.scalar(
            select(CompanyRow).where(CompanyRow.tax_id == fold_tax_id(key), CompanyRow.shares_tax_id.is_(False))
        )
    )
    if row is None:
        raise RequestError("no_such_item", what=str(key))
    return row


def list_companies(session: Session) -> list[CompanyRow]:
    """Every company with a tax id of its own, closed ones among them."""
    return list(session.scalars(select(CompanyRow).where(CompanyRow.shares_tax_id.is_(False)).order_by(CompanyRow.id)))


def company_tree(session: Session) -> list[tuple[CompanyRow, int]]:
    """Every company and branch with its depth, each below its parent."""
    below: dict[int | None, list[CompanyRow]] = {}
    for row in session.scalars(select(CompanyRow).order_by(CompanyRow.id)):
        below.setdefault(row.parent_id, []).append(row)

    def under(parent: int | None, depth: int) -> list[tuple[CompanyRow, int]]:
        return [found for row in below.get(parent, ()) for found in ((row, depth), *under(row.id, depth + 1))]

    return under(None, 0)


def exported(row: CompanyRow) -> dict[str, Any]:
    """A company as the command line prints it and its history keeps it."""
    return {
        "name": row.name, "tax_id": row.tax_id, "former_names": list(row.former_names),
        "names_until": dict(row.names_until), "short_name": row.short_name, "parent_id": row.parent_id,
        "shares_tax_id": row.shares_tax_id, "note": row.note,
        "closed_on": row.closed_on.isoformat() if row.closed_on else None,
    }  # fmt: skip


def former_lines(row: CompanyRow) -> list[str]:
    """Former names as a form takes them, with the last day of those that have one."""
    return [f"{name} {row.names_until[name]}" if name in row.names_until else name for name in row.former_names]


def _name(name: str) -> str:
    if not name.strip():
        raise RequestError("invalid_request", what="单位名称不能为空 / a company needs a name")
    return name.strip()


def _tax_id(tax_id: str) -> str:
    folded = fold_tax_id(tax_id)
    if not _TAX_ID.fullmatch(folded):
        raise RequestError(
            "invalid_request",
            what=Text(
                f"纳税人识别号应为 15–20 位数字或大写字母：{tax_id}", f"a tax id has 15–20 digits or capitals: {tax_id}"
            ),
        )
    return folded


def _said(text: str | None) -> str | None:
    return (text or "").strip() or None


def _former(names: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """Names, and the last day of those that say it."""
    found: list[str] = []
    until: dict[str, str] = {}
    for said in filter(None, (each.strip() for each in names)):
        dated = _UNTIL.fullmatch(said)
        name = dated["name"].strip() if dated else said
        found.append(name)
        if dated:
            try:
                until[name] = date.fromisoformat(dated["until"]).isoformat()
            except ValueError as wrong:
                raise RequestError("invalid_request", what=said) from wrong
    return list(dict.fromkeys(found)), until


@dataclass(frozen=True, slots=True)
class OurCompanies:
    """The registered entities in the form that matching asks questions in."""

    tax_ids: frozenset[str]
    names: dict[str, str]  #: folded current name → tax id
    former_names: dict[str, str]  #: folded former name → tax id
    until: dict[str, date] = field(default_factory=dict)  #: folded former name → its last day, where known
    heads: dict[str, str] = field(default_factory=dict)  #: tax id → the parent's
    closed: dict[str, date] = field(default_factory=dict)  #: tax id → last day of business

    @classmethod
    def load(cls, session: Session) -> OurCompanies:
        session.flush()
        [(text,)] = _COMPANIES(session)
        return ours_of(text)

    @classmethod
    def of(cls, rows: Iterable[_Entity]) -> OurCompanies:
        rows = sorted(rows, key=lambda row: (row.shares_tax_id, row.id))
        by_id = {row.id: row.tax_id for row in rows}
        return cls(
            tax_ids=frozenset(row.tax_id for row in rows),
            names={fold_name(row.name): row.tax_id for row in rows},
            former_names={fold_name(n): row.tax_id for row in rows for n in row.former_names},
            until={fold_name(n): date.fromisoformat(day) for row in rows for n, day in row.names_until.items()},
            heads={row.tax_id: by_id[row.parent_id] for row in rows if row.parent_id and not row.shares_tax_id},
            closed={row.tax_id: row.closed_on for row in rows if row.closed_on and not row.shares_tax_id},
        )

    @property
    def known(self) -> bool:
        return bool(self.tax_ids)

    def owns_id(self, tax_id: str | None) -> bool:
        return fold_tax_id(tax_id) in self.tax_ids if tax_id else False

    def near_id(self, tax_id: str | None) -> str | None:
        """The one of ours that a misread id may have been."""
        seen = fold_tax_id(tax_id)
        return next((ours for ours in self.tax_ids if compare(seen, ours) < Distance.FAR), None) if seen else None

    def id_of_name(self, name: str | None) -> str | None:
        """Tax id of the entity that bears, or bore, this name."""
        folded = fold_name(name)
        return self.names.get(folded) or self.former_names.get(folded)

    def is_former_name(self, name: str | None) -> bool:
        folded = fold_name(name)
        return folded in self.former_names and folded not in self.names

    def name_ended(self, name: str | None) -> date | None:
        """Last day of a former name, where known."""
        return self.until.get(fold_name(name))


@lru_cache(maxsize=4)
def ours_of(text: str) -> OurCompanies:
    """What `COMPANIES` said. The same text means the same, and comes with every match."""
    return OurCompanies.of(_entity(row) for row in json.loads(text))


def _entity(row: Sequence[Any]) -> _Entity:
    said = dict(zip(_Entity._fields, row, strict=True))
    closed = date.fromisoformat(said["closed_on"]) if said["closed_on"] else None
    return _Entity(**said | {"shares_tax_id": bool(said["shares_tax_id"]), "closed_on": closed})
