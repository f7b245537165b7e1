"""Whose purchase or sale a record is, told late: for records that were imported before the company was registered.

Follows what `matching.importing.coverage` does at the import: a side is ours by its tax id alone, and where both sides
are ours nothing is told. What is known already is never changed.
"""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.ledger import Direction
from models.tables import CompanyRow, ImportRow, RecordRow

MAJORITY = 0.9  #: of an import's records, for the import to speak for their direction
_UNKNOWN = Direction.UNKNOWN.value


def tell(session: Session) -> int:
    """Set what can be told of records and imports since a company was registered; how many records."""
    ours = select(CompanyRow.tax_id).scalar_subquery()
    told = 0
    for direction, own, other in (
        (Direction.INPUT, RecordRow.buyer_tax_id, RecordRow.seller_tax_id),
        (Direction.OUTPUT, RecordRow.seller_tax_id, RecordRow.buyer_tax_id),
    ):
        change = (
            update(RecordRow)
            .where(RecordRow.direction == _UNKNOWN, own.in_(ours), func.coalesce(other, "").not_in(ours))
            .values(direction=direction.value)
            .execution_options(synchronize_session=False)
        )
        told += session.connection().execute(change).rowcount
    if told:
        session.expire_all()
    unsaid = (ImportRow.direction == _UNKNOWN) | ImportRow.owner_tax_id.is_(None)
    for row in session.scalars(select(ImportRow).where(ImportRow.undone_at.is_(None), unsaid)):
        _tell_import(session, row)
    session.flush()
    return told


def _tell_import(session: Session, row: ImportRow) -> None:
    """What the import covers, by the records that it last spoke for."""
    of_it = RecordRow.import_id == row.id
    if row.direction == _UNKNOWN:
        counted = select(RecordRow.direction, func.count().label("records")).where(of_it).group_by(RecordRow.direction)
        counts = {found.direction: found.records for found in session.execute(counted)}
        most = max(counts, key=lambda direction: counts[direction], default=_UNKNOWN)
        row.direction = most if counts and counts[most] >= MAJORITY * sum(counts.values()) else _UNKNOWN
    if row.owner_tax_id is None:
        own = func.coalesce(
            RecordRow.buyer_tax_id if row.direction == Direction.INPUT.value else RecordRow.seller_tax_id, ""
        )
        owners = select(own).where(of_it, own.in_(select(CompanyRow.tax_id))).group_by(own)
        row.owner_tax_id = session.scalar(owners.order_by(func.count().desc(), own).limit(1))
