"""A preview says what the import will do, and leaves nothing behind."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.companies import add_company
from matching.importing import import_records
from matching.importing.preview import preview
from matching.importing.problem_sheet import write_problem_sheet
from models.ledger import Direction
from models.tables import ImportRow, RecordChangeRow, RecordRow
from tests.matching.ledger_rows import BASIC_HEADERS, US, basic_row

NUMBERS = [f"253120000001234567{n:02d}" for n in range(11, 30)]


def table(*rows: Sequence[Any]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([BASIC_HEADERS, *rows])
    return buffer.getvalue().encode("utf-8-sig")


def counts(row: ImportRow | dict[str, Any]) -> list[int]:
    names = ("rows", "added", "updated", "unchanged", "rejected")
    return [row[name] if isinstance(row, dict) else getattr(row, name) for name in names]


def test_it_counts_as_the_import_will_and_stores_nothing(session: Session) -> None:
    add_company(session, name=US[1], tax_id=US[0])
    import_records(session, table(*[basic_row(n) for n in NUMBERS[:6]]), "一.csv")
    session.commit()
    later = table(
        basic_row(NUMBERS[0]), basic_row(NUMBERS[1], 发票状态="已红冲-全额"), basic_row(NUMBERS[2], 备注="补充"),
        basic_row(NUMBERS[8]), basic_row("2.5312E+19"), basic_row(""),
    )  # fmt: skip
    said = preview(session, later, "二.csv")
    session.commit()
    assert session.scalar(select(func.count()).select_from(RecordRow)) == 6
    assert session.scalar(select(func.count()).select_from(RecordChangeRow)) == 0
    assert session.scalar(select(func.count()).select_from(ImportRow)) == 1
    assert counts(said) == counts(import_records(session, later, "二.csv")) == [6, 2, 2, 1, 1]


def test_it_shows_what_changes_from_what_to_what(session: Session) -> None:
    import_records(session, table(basic_row(NUMBERS[0])), "一.csv")
    said = preview(session, table(basic_row(NUMBERS[0], 发票状态="已红冲-全额")), "二.csv")
    assert said["changed"]["state_label:正常→已红冲-全额"] == 1
    (change,) = said["changes"]
    assert ["state_label", "正常", "已红冲-全额"] in change["fields"] and change["number"] == NUMBERS[0]


def test_it_says_whose_account_which_days_and_which_columns(session: Session) -> None:
    add_company(session, name=US[1], tax_id=US[0])
    said = preview(session, table(basic_row(NUMBERS[0]), basic_row(NUMBERS[1], 开票日期="2025-03-20")), "导出.csv")
    assert (said["direction"], said["owner_tax_id"]) == ("input", US[0])
    assert (said["date_from"], said["date_to"]) == ("2025-03-14", "2025-03-20")
    (sheet,) = said["sheets"]
    assert (sheet["format"], sheet["rows"], sheet["header_row"]) == ("bureau_basic", 2, 1)
    assert sheet["columns"]["seller_name"] == "销方名称" and "序号" in sheet["unused"]
    assert said["first"][0]["seller_name"] == "苏州云杉科技有限公司" and said["undirected"] == 0


def test_a_direction_that_nothing_tells_is_counted_and_a_person_can_say_it(session: Session) -> None:
    file = table(basic_row(NUMBERS[0]))
    assert preview(session, file, "导出.csv")["undirected"] == 1
    said = preview(session, file, "导出.csv", direction=Direction.INPUT, owner_tax_id=US[0])
    assert (said["undirected"], said["direction"], said["owner_tax_id"]) == (0, "input", US[0])


def test_a_file_imported_before_is_recognised_by_its_bytes(session: Session) -> None:
    file = table(basic_row(NUMBERS[0]))
    assert preview(session, file, "一.csv")["imported_before"] is None
    row = import_records(session, file, "一.csv")
    assert preview(session, file, "改名.csv")["imported_before"] == row.id


def test_the_problem_sheet_keeps_the_rows_as_they_stood_and_says_what_to_do(session: Session, tmp_path: Path) -> None:
    file = table(basic_row(NUMBERS[0]), basic_row("2.5312E+19", 备注="=1+1"), basic_row("", 金额="九百"))
    said = preview(session, file, "导出.csv")
    assert said["damaged"] == 1
    path = tmp_path / "问题.xlsx"
    write_problem_sheet(said["problems"], path, name="导出.csv")
    sheet = load_workbook(path)["问题行"]
    head = [cell.value for cell in sheet[1]]
    rows = [dict(zip(head, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]
    damaged = next(row for row in rows if row["行号"] == 3)
    assert damaged["数电发票号码"] == "2.5312E+19" and damaged["备注"] == "=1+1" and damaged["列"] == "数电发票号码"
    assert (
        damaged["是否导入"] == "已导入，须核对" and "科学计数法" in damaged["问题"] and "重新导出" in damaged["怎么办"]
    )
    refused = next(row for row in rows if row["行号"] == 4)
    assert refused["是否导入"] == "未导入" and refused["销方名称"] and "补上发票号码" in refused["怎么办"]
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, len(head)).column_letter}{len(rows) + 1}"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert sheet.cell(2, head.index("数电发票号码") + 1).number_format == "@"
