"""Who "we" are: the legal entities whose invoices are captured, with their former names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.digits import Distance, compare
from matching.directions import tell as tell_directions
from matching.folding import fold_name, fold_tax_id
from models.errors import RequestError
from models.tables import CompanyRow

_TAX_ID = re.compile(r"[0-9A-Z]{15,20}")
_ENTITIES = select(CompanyRow.name, CompanyRow.tax_id, CompanyRow.former_names).order_by(CompanyRow.id)


def add_company(session: Session, *, name: str, tax_id: str, former_names: Iterable[str] = ()) -> CompanyRow:
    """Register one of our entities; a known tax id is updated, and its earlier name kept as a former one.

    Records imported before are told their direction; the caller matches again what is open.
    """
    name, folded_id = name.strip(), fold_tax_id(tax_id)
    if not name:
        raise RequestError("invalid_request", what="单位名称不能为空")
    if not _TAX_ID.fullmatch(folded_id):
        raise RequestError("invalid_request", what=f"纳税人识别号应为 15–20 位数字或大写字母：{tax_id}")
    former = [n.strip() for n in former_names if n.strip()]
    row = session.scalar(select(CompanyRow).where(CompanyRow.tax_id == folded_id))
    if row is None:
        row = CompanyRow(name=name, tax_id=folded_id, former_names=former)
        session.add(row)
    else:
        renamed = [row.name] if fold_name(row.name) != fold_name(name) else []
        row.former_names = list(dict.fromkeys(n for n in (*row.former_names, *renamed, *former) if n != name))
        row.name = name
    session.flush()
    tell_directions(session)
    return row


def remove_company(session: Session, tax_id: str) -> CompanyRow:
    """Take an entity away that was registered by mistake; what was matched with it is matched again by the caller."""
    row = session.scalar(select(CompanyRow).where(CompanyRow.tax_id == tax_id))
    if row is None:
        raise RequestError("no_such_item", what=tax_id)
    session.delete(row)
    session.flush()
    return row


def list_companies(session: Session) -> list[CompanyRow]:
    return list(session.scalars(select(CompanyRow).order_by(CompanyRow.id)))


@dataclass(frozen=True, slots=True)
class OurCompanies:
    """The registered entities in the form that matching asks questions in."""

    tax_ids: frozenset[str]
    names: dict[str, str]  #: folded current name → tax id
    former_names: dict[str, str]  #: folded former name → tax id

    @classmethod
    def load(cls, session: Session) -> OurCompanies:
        rows = session.execute(_ENTITIES).all()
        return cls(
            tax_ids=frozenset(row.tax_id for row in rows),
            names={fold_name(row.name): row.tax_id for row in rows},
            former_names={fold_name(n): row.tax_id for row in rows for n in row.former_names},
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
