"""Reading by the column is reading by the row, only faster: the same records, coverage, problems and rejections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.companies import OurCompanies
from matching.importing.batch import batches_of
from matching.importing.coverage import Coverage
from matching.importing.formats import FORMATS
from matching.importing.headers import Layout, recognise
from matching.importing.plain_rows import PlainRows, ReadRow, read_row
from matching.importing.rows import Problems, RowReader
from matching.importing.tables import Sheet
from models.ledger import Direction
from tests.matching.ledger_rows import BASIC_HEADERS, SELLER, US, basic_row

NUMBER = "25312000000123456789"
#: for each header, what stands in files: plain, blank, damaged, of another type, foreign
CELLS: dict[str, list[Any]] = {
    "发票代码": ["", "3200251130", "032002511301", 3200251130.0, "3.2E+9", "32002511301", "--", None, "AB12345678"],
    "发票号码": ["", "01234567", 1234567.0, "1234567", NUMBER, 2.5312e19, "见附件", "无", "合计", True, "A-12345"],
    "数电发票号码": ["", NUMBER, f" {NUMBER}", "25312000000123400000", 2.5312e19, "2.5312E+19", "23456789", NUMBER[:-1],
                  "２５３１２０００００００123456789", None],
    "销方识别号": [SELLER[0], "", US[0], SELLER[0].lower(), 9.13e17, "123", "个人"],
    "购方识别号": [US[0], "", SELLER[0], f"'{US[0]}"],
    "销方名称": [SELLER[1], "", " 甲 ", 42.0, "名" * 300],
    "开票日期": ["2025-03-14 10:20:30", "2025-03-14", "2025-02-30", "20250314", "2025年3月4日", 45730.0, "45730",
               "三月", "", None, date(2025, 3, 14), datetime(2025, 3, 14, 1, 2), True, "0000-01-01"],
    "金额": [100.0, "100.00", "-0.05", "1,234.50", 0.1 + 0.2, 1e13, 1e300, "", "*", "(5.00)", "约1", None, True,
           "１００.00", 99999999999.99, "99999999999.99", float("nan"), 7],
    "税额": [13.0, "13.00", "", None, "免税", -0.0, "0"],
    "价税合计": [113.0, "113.00", "", None, "x"],
    "发票票种": ["数电发票（增值税专用发票）", "增值税专用发票", "", "不认识", 81.0, "数电纸质发票（增值税专用发票）"],
    "发票状态": ["正常", "已作废", "", "01", 1.0, "1", None, "已红冲-部分", "状" * 60],
    "是否正数发票": ["是", "否", "", None, "Y", True, 1.0],
    "备注": ["", "订单1", " x ", 12345678901234567890.0, "长" * 5000],
    "开票人": ["王芳", "--", 3.5, ""],
}  # fmt: skip


@st.composite
def rows(draw: st.DrawFn) -> list[list[Any]]:
    changes = st.dictionaries(st.sampled_from(sorted(CELLS)), st.integers(0, 20), max_size=4)
    chosen = draw(st.lists(changes, max_size=6))
    made = [basic_row(NUMBER, **{h: CELLS[h][at % len(CELLS[h])] for h, at in one.items()}) for one in chosen]
    return [[] if draw(st.integers(0, 9)) == 0 else row[: draw(st.integers(4, 19))] for row in made]


def coverage() -> Coverage:
    return Coverage(OurCompanies(frozenset({US[0]}), {}, {}), None)


def singly(layout: Layout, sheet: Sheet, noted: Coverage, problems: Problems) -> tuple[list[ReadRow], int, int]:
    reader = RowReader(layout, sheet.name, problems)
    read, records = 0, []
    for number, cells in layout.data_rows(sheet):
        read += 1
        if record := reader.record(number, cells):
            records.append(read_row(record, noted.note(record)))
    return records, read, reader.rejected


def together(layout: Layout, sheet: Sheet, noted: Coverage, problems: Problems) -> tuple[list[ReadRow], int, int]:
    reader = RowReader(layout, sheet.name, problems)
    plain = PlainRows(layout, reader)
    found = [plain.read(batch, noted) for batch in layout.data_batches(sheet)]
    return [row for read in found for row in read.rows()], sum(read.read for read in found), reader.rejected


def agree(layout: Layout, sheet: Sheet) -> None:
    one, other = coverage(), coverage()
    slow, fast = Problems(), Problems()
    assert together(layout, sheet, one, fast) == singly(layout, sheet, other, slow)
    assert one == other
    assert (fast.listed, fast.count) == (slow.listed, slow.count)


@given(rows())
def test_whatever_stands_in_the_cells(table: list[list[Any]]) -> None:
    sheet = Sheet("发票基础信息", lambda: iter([list(BASIC_HEADERS), *table]))
    layout = recognise(sheet)
    assert layout is not None
    agree(layout, sheet)


@pytest.mark.parametrize("header", sorted(CELLS))
def test_every_cell_of_the_list(header: str) -> None:
    table = [basic_row(NUMBER, **{header: cell}) for cell in CELLS[header]]
    sheet = Sheet("发票基础信息", lambda: iter([list(BASIC_HEADERS), *table]))
    layout = recognise(sheet)
    assert layout is not None
    agree(layout, sheet)


@given(rows(), st.sets(st.sampled_from(BASIC_HEADERS), max_size=8))
def test_with_columns_missing(table: list[list[Any]], missing: set[str]) -> None:
    kept = {name: at for name, at in full().columns.items() if full().headers[name] not in missing}
    if not kept.keys() & {"invoice_number", "digital_invoice_number"}:
        return
    layout = Layout(FORMATS[0], 1, kept, {name: full().headers[name] for name in kept}, BASIC_HEADERS)
    agree(layout, Sheet("表", lambda: iter([list(BASIC_HEADERS), *table])))


def full() -> Layout:
    found = recognise(Sheet("表", lambda: iter([list(BASIC_HEADERS)])))
    assert found is not None
    return found


def test_a_usual_row_is_read_by_the_column(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the rest of this file would compare reading by the row with itself."""
    paper = {"数电发票号码": "", "发票代码": "3200251130", "发票号码": "01234567", "发票票种": "增值税专用发票"}
    both = {"发票代码": "3200251130", "发票号码": "01234568", "发票票种": "数电纸质发票（增值税专用发票）"}
    table: list[Sequence[Any]] = [basic_row(NUMBER), basic_row(**paper), basic_row(NUMBER, **both), basic_row(税额="")]
    noted = coverage()
    reader = RowReader(full(), "表", Problems())
    monkeypatch.setattr(reader, "record", lambda *_: pytest.fail("read singly"))
    [batch] = [b.below(1) for b in batches_of([list(BASIC_HEADERS), *map(list, table)])]
    read = PlainRows(full(), reader).read(batch, noted)
    assert read.keys == [(NUMBER,), ("3200251130-01234567",), (NUMBER, "3200251130-01234568"), (NUMBER,)]
    assert noted.directions == {Direction.INPUT: 4}
