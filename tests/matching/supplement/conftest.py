"""An absent invoice with a gap, and a ledger that says something about its seller."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from matching import drafts
from matching.importing import import_records
from models.errors import RequestError
from models.matching import MatchResult
from models.tables import CompanyRow, DraftRow, ImportRow, InvoiceRow
from tests.matching.captures import capture
from tests.matching.conftest import Sheets
from tests.matching.ledger_rows import BASIC_HEADERS, LINE_HEADERS, basic_row, line_row, month_ends

Draft = Callable[..., DraftRow]


def refused(code: str, action: Callable[[], object]) -> None:
    with pytest.raises(RequestError) as error:
        action()
    assert error.value.code == code


def earlier(n: int) -> str:
    """Number of the n-th earlier invoice."""
    return f"2531200000055500{n:04d}"


@pytest.fixture
def draft(session: Session, us: CompanyRow, find: Callable[..., MatchResult], month_imported: ImportRow) -> Draft:
    """A draft of a captured invoice; arguments as of `capture`. Its month is imported, so that it is at work."""

    def make(lines: list[dict[str, str | None]] | None = None, **changes: object) -> DraftRow:
        row: InvoiceRow = capture(session, **changes)  # type: ignore[arg-type]
        if lines is not None:
            row.data = row.data | {"lines": lines}
        find(row)
        made = drafts.draft_for(session, row)
        assert made is not None
        return made

    return make


@pytest.fixture
def month_imported(ledger: Callable[..., ImportRow], us: CompanyRow) -> ImportRow:
    return ledger(*month_ends())


@pytest.fixture
def bought_before(session: Session, xlsx: Callable[[Sheets], bytes]) -> Callable[..., ImportRow]:
    """Imports `count` earlier invoices of the seller with a line each; `rows` override one by one."""

    def load(count: int, *, first: int = 1, basic: dict[str, object] | None = None, **line: object) -> ImportRow:
        numbers = [earlier(n) for n in range(first, first + count)]
        sheets: Sheets = {
            "发票基础信息": [BASIC_HEADERS, *(basic_row(n, **(basic or {})) for n in numbers)],
            "信息汇总表": [LINE_HEADERS, *(line_row(n, **line) for n in numbers)],
        }
        return import_records(session, xlsx(sheets), f"{first}.xlsx")

    return load
