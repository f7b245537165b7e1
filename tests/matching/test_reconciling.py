"""Both ways: every document with its finding, every record that no document proves; and the workbook of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy.orm import Session

from matching.drafts import draft_for
from matching.names import CAUSES, STATUSES
from matching.reconciliation import Scope, summarise
from matching.reconciling import reconcile
from matching.report import write_xlsx
from models.errors import RequestError
from models.matching import CauseCode, MatchResult, MatchStatus
from models.tables import CompanyRow, ImportRow
from tests.matching.captures import NUMBER, capture
from tests.matching.ledger_rows import SELLER, US, basic_row

OTHER = "25312000000999999999"


@pytest.fixture
def reconciled(
    session: Session, us: CompanyRow, ledger: Callable[..., ImportRow], find: Callable[..., MatchResult]
) -> Session:
    """One matched, one absent with a draft, one record without a document, one invoice of ours sold."""
    ledger(basic_row(NUMBER), basic_row(OTHER, 开票日期="2025-02-03"))
    ledger(basic_row("25312000000888888888", 销方识别号=US[0], 购方识别号=SELLER[0]), name="销项.xlsx")
    find(capture(session, name="a.pdf"))
    absent = capture(session, name="=cmd.pdf", invoice_number="25312000000777777777")
    find(absent)
    draft_for(session, absent)
    return session


def test_rows_of_both_directions(reconciled: Session) -> None:
    rows = list(reconcile(reconciled))
    assert [(r.get("document"), r["status"]) for r in rows] == [
        ("a.pdf", "matched"), ("=cmd.pdf", "absent"), (None, "no_document"),
    ]  # fmt: skip
    matched, absent, alone = rows
    assert matched["record"]["invoice_number"] == NUMBER
    assert absent["record"] is None
    assert absent["causes"][0]["code"]
    assert absent["draft"].startswith("BL")
    assert alone["record"] | {"invoice_number": OTHER, "total_incl_tax": "113.00"} == alone["record"]


def test_a_month_holds_its_own(reconciled: Session) -> None:
    assert [r["status"] for r in reconcile(reconciled, period="2025-02")] == ["no_document"]
    assert [r["status"] for r in reconcile(reconciled, period="2025-03")] == ["matched", "absent"]
    with pytest.raises(RequestError):
        list(reconcile(reconciled, period="2025-13"))


def test_workbook(reconciled: Session, tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    summary = summarise(reconciled, Scope.of(), as_of=date(2025, 4, 20))
    write_xlsx(reconcile(reconciled), path, summary=summary)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["汇总", "单据", "有记录无单据", "未入账", "应交单据", "账龄"]
    documents = book["单据"]
    assert documents.auto_filter.ref == "A1:Q3"
    assert documents.freeze_panes == "A2"
    first, second = list(documents.iter_rows(min_row=2, values_only=True))
    assert first[3] == NUMBER, "a long number stays text"
    assert first[4] == datetime(2025, 3, 14), "a day is a day, so that it filters by month"
    assert first[6:9] == (100, 13, 113)
    assert second[0] == "=cmd.pdf"
    assert documents["A3"].data_type == "s", "never a formula"
    assert [row[0] for row in book["未入账"].iter_rows(min_row=2, values_only=True)] == ["=cmd.pdf"]
    front = [row for row in book["汇总"].iter_rows(values_only=True) if row[0]]
    assert ("有记录无单据", 1, 100, 13, 113) in front
    assert [row[1:] for row in front if row[0] in ("差额", "与全部记录之差")] == [(0, 0, 0, 0)] * 3
    (overdue,) = [row for row in book["账龄"].iter_rows(min_row=2, values_only=True) if row[0] == "31–90 天"]
    assert overdue[1:] == (1, 113, 1, 113)


def test_every_status_and_cause_has_its_name() -> None:
    assert set(STATUSES) == set(MatchStatus)
    assert set(CAUSES) == set(CauseCode)
