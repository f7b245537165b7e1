"""Imports one exported table file: sheets recognised by their headers, invoices first, detail rows after.

Bad rows are rejected singly and listed; the rest is imported. Nothing is committed here: the caller's transaction
makes an import whole or not at all.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from matching.companies import OurCompanies
from matching.folding import fold_tax_id
from matching.importing.apart import opened
from matching.importing.batch import MOST_ROWS
from matching.importing.coverage import Coverage, direction_in_name
from matching.importing.details import LineStore, sum_up
from matching.importing.formats import Authority, Format
from matching.importing.headers import Layout, likely_headers, recognise
from matching.importing.healing import heal
from matching.importing.plain_rows import ReadRows, read_row
from matching.importing.reading import read_sheet
from matching.importing.rows import Problems, RowReader
from matching.importing.storing import RecordStore
from matching.importing.tables import Sheet
from matching.importing.telling import Told
from matching.importing.turns import one_at_a_time
from models.errors import RecordsError
from models.ledger import Direction
from models.tables import ImportRow

PROGRESS_ROWS = 1000
Recognise = Callable[[Sheet], Layout | None]


def import_records(
    session: Session,
    source: bytes | Path | Sequence[Sheet],
    name: str,
    *,
    sha256: str | None = None,
    user_id: int | None = None,
    direction: Direction | None = None,
    owner_tax_id: str | None = None,
    progress: Callable[[int], None] | None = None,
    recognise: Recognise = recognise,
    told: Callable[[Told], None] | None = None,
) -> ImportRow:
    """Import one file, given as its bytes or where it lies, or sheets with the digest of what they came from.

    `progress` is told the number of rows read so far; `recognise` says what a sheet is, where a person has said it;
    `told` hears of every row that is an invoice, in the order of the file. Raises RecordsError.
    """
    one_at_a_time(session)
    row = ImportRow(
        file_name=name[:500], sha256=sha256 or _sha256(source), format="", kinds=[], problems=[], rows=0,
        direction=(direction or Direction.UNKNOWN).value, owner_tax_id=fold_tax_id(owner_tax_id) or None,
        imported_by=user_id, added=0, updated=0, unchanged=0, rejected=0,
    )  # fmt: skip
    session.add(row)
    session.flush()
    work = _Import(
        session, row, direction=direction, progress=progress or (lambda _rows: None), recognise=recognise, told=told
    )
    work.run(source, name)
    session.flush()
    session.expire_all()  # bulk writes went past the identity map
    session.refresh(row)
    return row


class _Import:
    def __init__(
        self,
        session: Session,
        row: ImportRow,
        *,
        direction: Direction | None,
        progress: Callable[[int], None],
        recognise: Recognise,
        told: Callable[[Told], None] | None,
    ) -> None:
        self.session = session
        self.row = row
        self.stated = direction
        self.progress = progress
        self.recognise = recognise
        self.told = told
        self.problems = Problems()
        self.invoice_format: Format | None = None
        self.store: RecordStore | None = None
        self.lines: LineStore | None = None
        self.rows = 0
        self.rejected = 0

    def run(self, source: bytes | Path | Sequence[Sheet], name: str) -> None:
        with opened(source) as found:
            coverage = self._sheets(found, name)
        if self.rows == 0:
            raise RecordsError("records_empty")
        self._finish(coverage)

    def _sheets(self, found: Iterator[Sheet], name: str) -> Coverage:
        coverage: Coverage | None = None
        unknown: list[str] = []
        for sheet in found:
            layout = self.recognise(sheet)
            if layout is None:
                unknown += likely_headers(sheet) if not unknown else []
                self._pass_over(sheet)
                continue
            if coverage is None:
                stated = self.stated or layout.format.direction or direction_in_name(f"{name} {sheet.name}")
                companies = OurCompanies.load(self.session)
                coverage = Coverage(companies, stated, self.row.owner_tax_id)
            self._sheet(sheet, layout, coverage)
        if coverage is None:
            shown = "、".join(unknown)[:200]
            raise RecordsError("records_unknown_headers", found=shown) if shown else RecordsError("records_empty")
        return coverage

    def _sheet(self, sheet: Sheet, layout: Layout, coverage: Coverage) -> None:
        form = layout.format
        in_bureau_file = self.invoice_format is not None and self.invoice_format.authority is Authority.BUREAU
        belongs = form.authority is Authority.BUREAU and (
            form.grain == "invoice" or sheet.name.startswith(form.sheet_prefixes)
        )
        if in_bureau_file and not belongs:
            self._pass_over(sheet)
        elif form.grain == "invoice":
            self._invoices(sheet, layout, coverage)
        else:
            self._details(sheet, layout, coverage)

    def _pass_over(self, sheet: Sheet) -> None:
        self.problems.add(sheet.name, None, None, f"工作表“{sheet.name}”不是发票基础信息或明细，已跳过")

    def _record_store(self, sheet: Sheet, form: Format) -> RecordStore:
        if self.store is None:
            self.invoice_format = form
            self.row.format = form.name
            self.session.flush()
            self.store = RecordStore(self.session, self.row, form.authority, self.problems, self.told)
        self.store.sheet = sheet.name
        return self.store

    def _invoices(self, sheet: Sheet, layout: Layout, coverage: Coverage) -> None:
        store = self._record_store(sheet, layout.format)
        shown = RowReader(layout, sheet.name, self.problems).printed
        below_header = 0
        for batch in read_sheet(sheet, layout, coverage, self.problems):
            self.problems.take(batch.problems)
            coverage.add(batch.coverage)
            store.add(batch.rows, lambda number, cells=batch.cells: shown(cells.row(number)))  # type: ignore[misc]
            self._count(batch.rows.read)
            self.rejected += batch.rejected
            below_header += batch.below_header
        layout.took(below_header)

    def _details(self, sheet: Sheet, layout: Layout, coverage: Coverage) -> None:
        reader = RowReader(layout, sheet.name, self.problems)
        alone = self.invoice_format is None or self.invoice_format is layout.format
        if alone:
            store = self._record_store(sheet, layout.format)
            records = sum_up(reader, layout.data_rows(sheet))
            while part := list(itertools.islice(records, MOST_ROWS)):
                read = [read_row(record, coverage.note(record)) for record in part]
                store.add(ReadRows.of(read), lambda _number: {})
            self.rejected += reader.rejected
            self.problems.add(sheet.name, None, None, "文件只有明细行：发票合计由明细行相加得出")
        if self.lines is None:
            self.lines = LineStore(self.session, self.problems)
        self.lines.sheet = sheet.name
        for _number, cells in layout.data_rows(sheet):
            self.lines.add(reader.keys(cells), reader.line(cells))
            if alone:
                self._count()
        self.lines.flush()

    def _count(self, rows: int = 1) -> None:
        before, self.rows = self.rows, self.rows + rows
        for told in range(before // PROGRESS_ROWS + 1, self.rows // PROGRESS_ROWS + 1):
            self.progress(told * PROGRESS_ROWS)

    def _finish(self, coverage: Coverage) -> None:
        if self.lines is not None:
            self.lines.finish()
        coverage.write(self.row)
        if self.store is not None:
            self.store.finish()
            if healed := heal(self.session, self.row, self.store.mentioned):
                self.problems.add("", None, None, f"{healed} 条此前号码受损或不全的记录已由完整记录替代")
            self.store.mentioned.drop()
            counts = self.store.counts
            self.row.added, self.row.updated, self.row.unchanged = counts.added, counts.updated, counts.unchanged
            self.row.rejected = counts.rejected + self.rejected
        self.row.rows = self.rows
        self.row.problems = self.problems.export()
        self.progress(self.rows)


def _sha256(source: bytes | Path | Sequence[Sheet]) -> str:
    if not isinstance(source, bytes | Path):
        raise ValueError("sheets come with the digest of their source")
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
