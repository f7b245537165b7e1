"""The search index of one database: read once, kept in step with the database's own log of changes.

Held in memory by whoever searches (some 60 MB for a million records), never written to disk: there is nothing to
repair and nothing to get out of step with the ledger. Small changes are taken in before a search answers; a large
import or the first reading goes on in the background, and searches say meanwhile how far it is.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from matching.searching import loading
from matching.searching.changes import Changes, Log, watch
from matching.searching.parties import Parties
from matching.searching.shelf import Entry, Shelf
from matching.searching.words import Words
from models.database import session_factory
from models.tables import ImportRow, InvoiceRow, RecordLineRow, RecordRow

AT_ONCE = 5_000  #: records read before a search answers; more are read in the background


class Kind(StrEnum):
    """What is searched for."""

    DOCUMENT = "document"  #: captured invoices
    RECORD = "record"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the index is."""

    ready: bool  #: something can be found
    catching_up: bool  #: more is being read in the background
    read: int  #: records in the index
    expected: int  #: records in the database when the reading began


class Contents:
    """The shelves, and what they share."""

    def __init__(self) -> None:
        self.parties = Parties()
        self.words = Words()
        numbers: dict[int, int] = {}
        self.shelves = {kind: Shelf(self.parties, self.words, numbers) for kind in Kind}


class SearchIndex:
    """One per database and process."""

    def __init__(self, engine: Engine) -> None:
        self._sessions = session_factory(engine)
        self.lock = threading.RLock()  #: held while the contents are read or changed
        self.contents: Contents | None = None
        self._log = Log()
        self._work: threading.Thread | None = None
        self._failure: Exception | None = None
        self._expected = 0

    def standing(self) -> Standing:
        contents = self.contents
        read = len(contents.shelves[Kind.RECORD]) if contents else 0
        busy = self._work is not None and self._work.is_alive()
        return Standing(contents is not None, busy, read, max(self._expected, read))

    def follow(self, session: Session) -> Standing:
        """Bring the index up to the database, at once if that is little, else begin to; says how far it is."""
        with self.lock:
            if self._failure is not None:
                failure, self._failure = self._failure, None
                raise failure
            if self._work is not None and self._work.is_alive():
                return self.standing()
            if watch(session):  # by the caller's own transaction: another one would wait for its lock for ever
                self.contents = None  # nobody noted what changed until now
            if self.contents is None:
                self._expected = session.scalar(select(func.count()).select_from(RecordRow)) or 0
                captured = session.scalar(select(func.count()).select_from(InvoiceRow)) or 0
                if self._expected + captured <= AT_ONCE:
                    self._read_everything(session)
                else:
                    self._in_background(Changes(everything=True))
                return self.standing()
            changes = self._log.changes(session)
            if changes.everything or self._brought(session, changes.imports) > AT_ONCE:
                self._in_background(changes)
            elif changes:
                self._take_in(session, changes)
            return self.standing()

    def wait(self) -> None:
        """Until the background work is over; raises what ended it."""
        work = self._work
        if work is not None:
            work.join()
        with self.lock:
            if self._failure is not None:
                failure, self._failure = self._failure, None
                raise failure

    def _in_background(self, changes: Changes) -> None:
        self._work = threading.Thread(target=self._catch_up, args=(changes,), name="search-index", daemon=True)
        self._work.start()

    def _catch_up(self, changes: Changes) -> None:
        try:
            with closing(self._sessions()) as session:
                if changes.everything:
                    self._read_everything(session)
                else:
                    self._take_in(session, changes)
        except Exception as error:  # noqa: BLE001 — told to the next search, which runs in another thread
            self._failure = error
            self.contents = None if changes.everything else self.contents

    def _read_everything(self, session: Session) -> None:
        """Into new contents, put in the place of the old when whole."""
        log = Log()
        log.begin(session)
        contents = Contents()
        records = contents.shelves[Kind.RECORD]
        for batch in loading.records(session):
            records.add(batch)
        for said in loading.lines(session):
            records.say(said)
        for batch in loading.invoices(session):
            contents.shelves[Kind.DOCUMENT].add(batch)
        for batch in loading.drafts(session):
            contents.shelves[Kind.DRAFT].add(batch)
        with self.lock:
            self.contents, self._log = contents, log

    def _take_in(self, session: Session, changes: Changes) -> None:
        contents = self.contents
        assert contents is not None
        shelves = contents.shelves
        for import_id, lines_after in changes.imports.items():
            for batch in loading.records(session, RecordRow.import_id == import_id):
                with self.lock:
                    shelves[Kind.RECORD].strike_out(entry.id for entry in batch)
                    shelves[Kind.RECORD].add(batch)
            for said in loading.lines(session, RecordLineRow.id > lines_after):
                with self.lock:
                    shelves[Kind.RECORD].say(said)
        self._again(shelves[Kind.RECORD], changes.records, loading.records_by_id(session, changes.records))
        for said in loading.lines_of(session, changes.records):
            with self.lock:
                shelves[Kind.RECORD].say(said)
        self._again(shelves[Kind.DOCUMENT], changes.invoices, loading.invoices(session, changes.invoices))
        self._again(shelves[Kind.DRAFT], changes.drafts, loading.drafts(session, changes.drafts))

    def _again(self, shelf: Shelf, ids: Iterable[int], batches: Iterable[list[Entry]]) -> None:
        with self.lock:
            shelf.strike_out(ids)
            for batch in batches:
                shelf.add(batch)

    @staticmethod
    def _brought(session: Session, imports: Iterable[int]) -> int:
        """Records that these imports brought."""
        wanted = list(imports)
        if not wanted:
            return 0
        return session.scalar(select(func.sum(ImportRow.rows)).where(ImportRow.id.in_(wanted))) or 0


_indexes: WeakKeyDictionary[Engine, SearchIndex] = WeakKeyDictionary()
_making = threading.Lock()


def index_of(session: Session) -> SearchIndex:
    """The index of the session's database."""
    engine = session.get_bind().engine
    with _making:
        if engine not in _indexes:
            _indexes[engine] = SearchIndex(engine)
        return _indexes[engine]
