"""A large table file is read by a process of its own: the same tables and refusals, and nothing left if it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.importing import apart, import_records
from matching.importing.batch import MOST_ROWS
from matching.importing.changes import undo_import
from matching.importing.formats import sheet_order
from matching.importing.merging import COMPARED
from matching.importing.tables import sheets
from models.errors import RecordsError
from models.tables import ImportRow, RecordRow
from tests.matching.ledger_rows import BASIC_HEADERS, LINE_HEADERS, basic_row, line_row

MANY = 5 * MOST_ROWS


@pytest.fixture(autouse=True)
def every_file_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LARGE", 0)


@pytest.fixture
def book(tmp_path: Path, xlsx: Callable[..., bytes]) -> Path:
    path = tmp_path / "全量发票查询.xlsx"
    tables = {
        "信息汇总表": [LINE_HEADERS, line_row(), line_row(数量="7")],
        "说明": [["本表由系统导出"]],
        "发票基础信息": [BASIC_HEADERS, *(basic_row(f"253120000{at:010d}7") for at in range(3000))],
    }
    path.write_bytes(xlsx(tables))
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.csv"
    rows = [BASIC_HEADERS, *(basic_row(f"2531{at:015d}7") for at in range(MANY))]
    path.write_text("\n".join(",".join(map(str, row)) for row in rows), encoding="utf-8")
    return path


def children() -> set[int]:
    """Reading processes of this one; other tests leave other children."""
    return {child.pid for child in psutil.Process().children() if _reads(child)}


def _reads(child: psutil.Process) -> bool:
    try:
        return "matching.importing.reading_process" in child.cmdline()
    except psutil.NoSuchProcess:  # ended meanwhile
        return False


def everything(found: Any) -> list[Any]:
    """Looks at the first rows before it reads each sheet, as the import does."""
    return [
        (sheet.name, next(iter(sheet.rows())), [(b.numbers, b.columns) for b in sheet.batches()]) for sheet in found
    ]


def test_it_is_the_same_tables_in_the_same_order(book: Path, table: Path) -> None:
    for path in (book, table):
        with apart.opened(path) as found:
            read = everything(found)
        assert read == everything(sheets(path, sheet_order))
    assert children() == set()


def test_it_is_the_same_import(book: Path, session: Session) -> None:
    done = import_records(session, book, book.name)
    assert (done.rows, done.added, done.rejected) == (3000, 3000, 0)
    assert children() == set()


def test_it_is_the_same_rows_problems_and_coverage(tmp_path: Path, session: Session) -> None:
    one, two, three = (f"253120000001234567{at}" for at in (89, 90, 91))
    path = tmp_path / "全量发票查询.csv"
    rows = [
        basic_row(one), basic_row("2.5312E+19"), basic_row(two, 开票日期="三月"), basic_row("", 发票代码=""),
        basic_row(one, 金额="1"), basic_row(three, 税额="", 价税合计="约1", 备注="x"), [""] * 19,
    ]  # fmt: skip
    path.write_text("\n".join(",".join(map(str, row)) for row in [BASIC_HEADERS, *rows]), encoding="utf-8")
    imports = [import_records(session, source, path.name) for source in (path, path.read_bytes())]
    apart_, here = (
        (row.problems, row.rows, row.rejected, row.date_from, row.date_to, row.kinds, row.direction) for row in imports
    )
    assert apart_ == here
    assert [(problem["row"], problem["cells"].get("金额")) for problem in here[0] if problem["row"] == 6] == [(6, "1")]
    assert imports[1].unchanged == imports[0].added == 4
    records = select(*(getattr(RecordRow, column) for column in COMPARED)).order_by(RecordRow.id)
    stored = session.execute(records).all()
    undo_import(session, imports[1])
    undo_import(session, imports[0])
    import_records(session, path.read_bytes(), path.name)
    assert session.execute(records).all() == stored


def test_a_damaged_file_is_refused_in_the_same_words(tmp_path: Path, table: Path) -> None:
    table.write_bytes(table.read_bytes() + b"\xff\xff\xff")
    with pytest.raises(RecordsError) as refused, apart.opened(table) as found:
        everything(found)
    assert refused.value.code == "records_damaged"
    assert children() == set()


def test_a_process_that_is_killed_ends_the_import_and_nothing_is_stored(table: Path, session: Session) -> None:
    told: list[int] = []

    def kill(rows: int) -> None:
        told.append(rows)
        for child in children():
            os.kill(child, signal.SIGKILL)

    with pytest.raises(RecordsError) as refused:
        import_records(session, table, table.name, progress=kill)
    assert refused.value.code == "import_interrupted"
    assert "SIGKILL" in refused.value.details["what"]
    assert 0 < max(told) < MANY
    session.rollback()
    assert session.scalar(select(func.count()).select_from(RecordRow)) == 0
    assert session.scalar(select(func.count()).select_from(ImportRow)) == 0
    assert children() == set()


def test_an_import_that_fails_leaves_no_process(table: Path, session: Session) -> None:
    def fail(_rows: int) -> None:
        raise ValueError("the disk is full")

    with pytest.raises(ValueError, match="disk"):
        import_records(session, table, table.name, progress=fail)
    assert children() == set()


def test_the_process_ends_with_the_one_who_asked(table: Path) -> None:
    asking = (
        "import os, sys; from pathlib import Path; from matching.importing import apart; apart.LARGE = 0\n"
        "with apart.opened(Path(sys.argv[1])) as found:\n"
        "    batches = next(found).batches(); next(batches); next(batches)\n"
        "    print(Path(f'/proc/self/task/{os.getpid()}/children').read_text(), flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", asking, str(table)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as asker:
        assert asker.stdout is not None
        reader = Path(f"/proc/{int(asker.stdout.readline())}")
        assert reader.exists()
        asker.kill()
        end = time.monotonic() + 10
        while reader.exists() and "Z" not in (reader / "stat").read_text().rpartition(")")[2].split()[:1]:
            assert time.monotonic() < end, "the reading process outlived the import"
            time.sleep(0.02)
