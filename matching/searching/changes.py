"""What an index must read again: noted in `search_changes` by the database itself, in the transaction of the change.

Triggers see every way a row can change (imports in bulk, corrections, other processes). A record that an import brings
costs nothing: the import is noted, once. Triggers are made here rather than by a migration, because SQLite drops them
whenever a migration rebuilds their table; making them again does no harm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from models.tables import SearchChangeRow

STRETCH = 2_000  #: on PostgreSQL a long transaction may commit a lower id after a higher one was seen
KEPT = 20_000  #: changes kept for the other processes; whoever is further behind reads everything anew
_RECORD_COLUMNS = (
    "invoice_code", "invoice_number", "digital_invoice_number", "issue_date", "seller_name", "seller_tax_id",
    "buyer_name", "buyer_tax_id", "total_excl_fen", "total_incl_fen", "kind", "state", "direction", "remarks",
)  # fmt: skip
_CHANGED = " OR ".join(f"OLD.{column} IS {{distinct}} NEW.{column}" for column in _RECORD_COLUMNS)
_LINES = "(SELECT max(id) FROM record_lines)"

#: name, event, table, condition, what is noted
_TRIGGERS: tuple[tuple[str, str, str, str, str], ...] = (
    ("search_record_new", "INSERT", "records", "NEW.import_id IS NULL", "'record', NEW.id, NULL"),
    ("search_record_changed", "UPDATE", "records", _CHANGED, "'record', NEW.id, NULL"),
    ("search_import_new", "INSERT", "imports", "", f"'import', NEW.id, {_LINES}"),
    ("search_import_undone", "UPDATE", "imports", "OLD.undone_at IS {distinct} NEW.undone_at", "'undo', NEW.id, NULL"),
    ("search_invoice_new", "INSERT", "invoices", "", "'invoice', NEW.id, NULL"),
    ("search_invoice_changed", "UPDATE", "invoices", "", "'invoice', NEW.id, NULL"),
    ("search_invoice_gone", "DELETE", "invoices", "", "'invoice', OLD.id, NULL"),
    ("search_draft_new", "INSERT", "drafts", "", "'draft', NEW.id, NULL"),
    ("search_draft_changed", "UPDATE", "drafts", "", "'draft', NEW.id, NULL"),
    ("search_draft_gone", "DELETE", "drafts", "", "'draft', OLD.id, NULL"),
)


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of what changed, by kind; `everything` where reading anew is simpler or the only way."""

    records: frozenset[int] = frozenset()
    imports: dict[int, int] = field(default_factory=dict)  #: import → last detail row before it
    invoices: frozenset[int] = frozenset()
    drafts: frozenset[int] = frozenset()
    everything: bool = False

    def __bool__(self) -> bool:
        return bool(self.records or self.imports or self.invoices or self.drafts or self.everything)


NOTHING = Changes()
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION search_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO search_changes (kind, item_id, lines_after) VALUES (
        TG_ARGV[0],
        CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END,
        CASE WHEN TG_ARGV[0] = 'import' THEN {_LINES} END);
    RETURN NULL;
END $$"""  # noqa: S608 — our own words


def watch(session: Session) -> bool:
    """Make the triggers that are not there; whether there were such. Commits nothing."""
    if session.get_bind().dialect.name == "sqlite":
        return _watch_sqlite(session)
    return _watch_postgresql(session)


def _watch_sqlite(session: Session) -> bool:
    known = set(session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
    missing = [each for each in _TRIGGERS if each[0] not in known]
    for name, event, table, condition, noted in missing:
        when = f"WHEN {condition.format(distinct='NOT')}" if condition else ""
        noting = f"INSERT INTO search_changes (kind, item_id, lines_after) VALUES ({noted})"  # noqa: S608 — our own words
        made = f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} ON {table} FOR EACH ROW {when} BEGIN {noting}; END"
        session.execute(text(made))
    return bool(missing)


def _watch_postgresql(session: Session) -> bool:
    known = set(session.scalars(text("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'search\\_%'")))
    missing = [each for each in _TRIGGERS if each[0] not in known]
    if not missing:
        return False
    session.execute(text("SELECT pg_advisory_xact_lock(7062, 1)"))  # two processes may start at once
    session.execute(text(_FUNCTION))
    for name, event, table, condition, noted in missing:
        kind = noted.split(",")[0]
        when = f"WHEN ({condition.format(distinct='DISTINCT FROM')})" if condition else ""
        made = f"CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW {when}"
        session.execute(text(f"{made} EXECUTE FUNCTION search_note({kind})"))
    return True


class Log:
    """One index's place in the log. Ids may be committed out of order, so that a stretch behind is looked at again."""

    def __init__(self) -> None:
        self._floor = 0
        self._known: tuple[int, int | None] = (0, None)
        self._seen: set[int] = set()

    def begin(self, session: Session) -> None:
        """Everything that is in the log now is about to be read anyway; what is older than others need goes."""
        newest = session.scalar(select(func.max(SearchChangeRow.id))) or 0
        oldest = session.scalar(select(func.min(SearchChangeRow.id)))
        if oldest is not None and oldest <= newest - 2 * KEPT:
            session.execute(delete(SearchChangeRow).where(SearchChangeRow.id <= newest - KEPT))
        self._floor = newest - STRETCH
        self._known = self._standing(session)
        self._seen = set(session.scalars(select(SearchChangeRow.id).where(SearchChangeRow.id > self._floor)))

    def _standing(self, session: Session) -> tuple[int, int | None]:
        query = select(func.count(), func.max(SearchChangeRow.id)).where(SearchChangeRow.id > self._floor)
        count, newest = session.execute(query).one()
        return count, newest

    def changes(self, session: Session) -> Changes:
        """What was noted since the last call."""
        standing = self._standing(session)
        if standing == self._known:
            return NOTHING
        newest = standing[1] or 0
        if newest > self._floor + STRETCH + KEPT or newest < (self._known[1] or 0):
            return Changes(everything=True)
        columns = (SearchChangeRow.id, SearchChangeRow.kind, SearchChangeRow.item_id, SearchChangeRow.lines_after)
        query = select(*columns).where(SearchChangeRow.id > self._floor)
        new = [row for row in session.execute(query) if row.id not in self._seen]
        self._floor = max(self._floor, newest - STRETCH)
        self._known = self._standing(session)
        self._seen = {id_ for id_ in self._seen if id_ > self._floor} | {row.id for row in new}
        return _grouped([(row.kind, row.item_id, row.lines_after) for row in new])


def _grouped(noted: Sequence[tuple[str, int, int | None]]) -> Changes:
    ids: dict[str, set[int]] = {"record": set(), "invoice": set(), "draft": set(), "undo": set()}
    imports: dict[int, int] = {}
    for kind, item, lines_after in noted:
        if kind == "import":
            imports[item] = min(lines_after or 0, imports.get(item, lines_after or 0))
        else:
            ids[kind].add(item)
    return Changes(
        frozenset(ids["record"]), imports, frozenset(ids["invoice"]), frozenset(ids["draft"]), bool(ids["undo"])
    )
