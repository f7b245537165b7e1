"""Column mappings kept under a name, so that the next file with the same headers is read the same way.

One name, one mapping: saving under a name that another table has is refused, saving for the same headers replaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.importing.mapping import ColumnMapping, Grain, printed_headers, signature_of
from matching.importing.tables import Sheet
from models.errors import RequestError
from models.ledger import Direction
from models.tables import ImportMappingRow
from models.tables.base import now


def save_mapping(session: Session, mapping: ColumnMapping, *, user_id: int | None) -> ImportMappingRow:
    """Keep a mapping under its name. Raises RequestError."""
    mapping.check()
    name = (mapping.name or "").strip()[:80]
    if not name:
        raise RequestError("invalid_request", what="name")
    row = session.scalar(select(ImportMappingRow).where(ImportMappingRow.name == name))
    if row is not None and row.signature != mapping.signature:
        raise RequestError("mapping_name_taken", name=name)
    if row is None:
        row = ImportMappingRow(name=name, signature=mapping.signature, created_by=user_id)
        session.add(row)
    row.headers, row.columns, row.grain = list(mapping.headers), dict(mapping.columns), mapping.grain
    row.direction = mapping.direction.value if mapping.direction else None
    row.owner_tax_id = mapping.owner_tax_id
    row.updated_at = now()
    session.flush()
    return row


def restore(row: ImportMappingRow) -> ColumnMapping:
    return ColumnMapping(
        headers=tuple(row.headers), columns=dict(row.columns), grain=cast(Grain, row.grain), name=row.name,
        direction=Direction(row.direction) if row.direction else None, owner_tax_id=row.owner_tax_id,
    )  # fmt: skip


def list_mappings(session: Session) -> Sequence[ImportMappingRow]:
    return session.scalars(select(ImportMappingRow).order_by(ImportMappingRow.name)).all()


def find_mapping(session: Session, name: str) -> ImportMappingRow:
    row = session.scalar(select(ImportMappingRow).where(ImportMappingRow.name == name.strip()))
    if row is None:
        raise RequestError("no_such_item", what=name)
    return row


def mapping_for(session: Session, sheets: Iterable[Sheet]) -> ImportMappingRow | None:
    """The newest mapping saved for headers that stand in one of these sheets."""
    signatures = {signature_of(headers) for sheet in sheets for headers in printed_headers(sheet)}
    if not signatures:
        return None
    query = select(ImportMappingRow).where(ImportMappingRow.signature.in_(signatures))
    return session.scalars(query.order_by(ImportMappingRow.updated_at.desc()).limit(1)).first()


def used(session: Session, name: str) -> None:
    """Note that an import went by it."""
    row = session.scalar(select(ImportMappingRow).where(ImportMappingRow.name == name))
    if row is not None:
        row.used_at = now()


def delete_mapping(session: Session, name: str) -> ImportMappingRow:
    row = find_mapping(session, name)
    session.delete(row)
    session.flush()
    return row
