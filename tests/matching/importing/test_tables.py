"""Table files as programs write them, and as nobody should: the stream reads what the whole would have given."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from matching.importing import batch, sheet_xml, tables, workbook
from matching.importing.tables import sheets
from models.errors import RecordsError

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CELLS: list[list[Any]] = [
    ["发票号码", "金额", "开票日期", "备注"],
    ["25312000000123456789", 100.5, "2025-03-14 10:20:30", None],
    [],
    [None, -3, datetime(2025, 3, 14, 10, 20, 30), " 两端 有空格 "],
    ["&<>\"'", 1e20, date(2025, 3, 15), "第一行\n第二行"],
    ["", 0, True, "=1+1"[1:]],
]


def book(rows: str, *, shared: str = "", sheet_head: str = f"<worksheet {MAIN}>", styles: str = "") -> bytes:
    """A workbook around the XML of rows."""
    relation = '<Relationship Id="rId{}" Type="{}/{}" Target="{}"/>'
    related = "".join(
        relation.format(at, OFFICE, kind, target)
        for at, (kind, target) in enumerate(
            [("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")],
            1,
        )
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets>'
            "</workbook>",
        )
        packed.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{related}'
            "</Relationships>",
        )
        packed.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{shared}</sst>")
        packed.writestr("xl/styles.xml", f"<styleSheet {MAIN}>{styles}</styleSheet>")
        packed.writestr("xl/worksheets/sheet1.xml", f"{sheet_head}<sheetData>{rows}</sheetData></worksheet>")
    return out.getvalue()


def read(data: bytes | Path) -> list[list[Any]]:
    [rows] = [list(sheet.rows()) for sheet in sheets(data)]
    return rows


def trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Without the blank cells at the ends of rows, which readers give or not."""
    cut = [list(row) for row in rows]
    for row in cut:
        while row and row[-1] in ("", None):
            row.pop()
    return cut


def by_openpyxl(rows: list[list[Any]]) -> bytes:
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet("表")
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def by_xlsxwriter(rows: list[list[Any]], **options: Any) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd", **options}) as made:
        sheet = made.add_worksheet("表")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return out.getvalue()


@pytest.mark.parametrize("write", [by_openpyxl, by_xlsxwriter, lambda rows: by_xlsxwriter(rows, constant_memory=True)])
def test_the_stream_reads_what_calamine_reads(write: Callable[[list[list[Any]]], bytes]) -> None:
    data = write(CELLS)
    whole = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0)
    assert trimmed(read(data)) == trimmed(list(whole.iter_rows()))


@given(
    st.lists(
        st.lists(
            st.one_of(st.text(max_size=5), st.floats(allow_nan=False, allow_infinity=False), st.booleans()), max_size=4
        ),
        max_size=6,
    )
)
def test_whatever_a_sheet_holds(rows: list[list[Any]]) -> None:
    printable = [[c if not isinstance(c, str) else "".join(x for x in c if x.isprintable()) for c in r] for r in rows]
    data = by_xlsxwriter([["标题"] * 4, *printable], strings_to_formulas=False, strings_to_urls=False)
    whole = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0)
    mine, his = trimmed(read(data)), trimmed(list(whole.iter_rows()))
    while mine and not mine[-1]:
        mine.pop()
    while his and not his[-1]:
        his.pop()
    assert mine == his


def test_rows_of_another_form_are_read_all_the_same() -> None:
    plain = '<row r="{0}"><c r="A{0}"><v>{0}</v></c><c r="B{0}" t="str"><v>x</v></c></row>'
    odd = (
        '<row r="3"/><row r="4" spans="1:2"><!-- note --><c r="A4" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r>'
        '<rPh sb="0" eb="1"><t>phonetic</t></rPh></is></c><c r="C4"><f>1+1</f><v>2</v></c></row>'
        '<row><c><v>5</v></c><c t="b"><v>1</v></c></row>'
    )
    rows = plain.format(1) + plain.format(2) + odd + plain.format(6) + '<row r="7"/>'
    assert trimmed(read(book(rows))) == [[1.0, "x"], [2.0, "x"], [], ["ab", "", 2.0], [5.0, True], [6.0, "x"]]


def test_shared_texts_plain_rich_empty_and_escaped() -> None:
    shared = (
        '<si><t>甲</t></si><si><t xml:space="preserve"> 乙 </t></si><si><t/></si>'
        "<si><t>&lt;&#20013;&#x4E2D;&gt;</t></si>"
        "<si><r><t>丙</t></r><r><t>丁</t></r><rPh><t>ㄅ</t></rPh></si>"
    )
    cells = "".join(f'<c r="{letter}1" t="s"><v>{at}</v></c>' for at, letter in enumerate("ABCDE"))
    assert read(book(f'<row r="1">{cells}</row>', shared=shared)) == [["甲", " 乙 ", "", "<中中>", "丙丁"]]


def test_many_shared_texts_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook.SharedStrings, "MOST_REMEMBERED", 70)
    order = [(at * 37) % 500 for at in range(500)]
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{at}</v></c></row>' for n, at in enumerate(order, 1))
    shared = "".join(f"<si><t>文{at}</t></si>" for at in range(500))
    assert read(book(rows, shared=shared)) == [[f"文{at}"] for at in order]


@pytest.mark.parametrize("size", [300, 1000])
def test_a_row_may_be_cut_anywhere(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(sheet_xml, "READ", size)
    monkeypatch.setattr(workbook, "READ", size)
    monkeypatch.setattr(batch, "MOST_ROWS", 3)
    data = by_xlsxwriter([[f"票{n}", n, n / 4] for n in range(50)])
    assert read(data) == [[f"票{n}", float(n), n / 4] for n in range(50)]


def test_dates_are_what_the_style_says() -> None:
    styles = (
        '<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>'
        '<numFmt numFmtId="165" formatCode="[Red]#,##0.00&quot;days&quot;"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>'
    )
    cells = "".join(f'<c r="{letter}1" s="{s}"><v>45730.5</v></c>' for s, letter in enumerate("ABCD"))
    day = datetime(2025, 3, 14, 12)
    assert read(book(f'<row r="1">{cells}</row>', styles=styles)) == [[45730.5, day, day, 45730.5]]


def test_namespaces_that_excel_adds_do_not_disturb() -> None:
    head = f'<worksheet {MAIN} xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac">'
    row = '<row r="{0}" x14ac:dyDescent="0.3"><c r="A{0}"><f>B1</f><v>{0}</v></c></row>'
    assert read(book(row.format(1) + row.format(2), sheet_head=head)) == [[1.0], [2.0]]


def test_gaps_keep_row_numbers() -> None:
    assert read(book('<row r="3"><c r="B3"><v>1</v></c></row>')) == [[], [], ["", 1.0]]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c>',
        '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>&bomb;</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>&#0;</v></c></row>',
        '<row r="1"><c r="A1"><v>1</c></row>',
    ],
)
def test_broken_xml_is_called_damaged(rows: str) -> None:
    with pytest.raises(RecordsError) as refused:
        read(book(rows, shared="<si><t>甲</t></si>"))
    assert refused.value.code == "records_damaged"


def test_an_entity_is_never_expanded() -> None:
    head = f'<!DOCTYPE worksheet [<!ENTITY b "bomb">]><worksheet {MAIN}>'
    with pytest.raises(RecordsError) as refused:
        read(book('<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>', sheet_head=head))
    assert refused.value.code == "records_damaged"


def test_what_unpacks_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 1000)
    with pytest.raises(RecordsError) as refused:
        read(by_xlsxwriter([["x" * 30000]]))
    assert refused.value.code == "unpacked_too_large"


def test_a_row_without_end_is_not_gathered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_xml, "READ", 1000)
    monkeypatch.setattr(sheet_xml, "MOST_ROW", 5000)
    cell = '<c r="A1" t="str"><v>' + "x" * 9000 + "</v></c>"
    with pytest.raises(RecordsError) as refused:
        read(book(f'<row r="1">{cell}</row>'))
    assert refused.value.code == "unpacked_too_large"


def test_a_sheet_as_wide_as_allowed_stays_small() -> None:
    rows = read(book('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row>'))
    assert rows == [[1.0]]


def test_a_file_in_another_dialect_goes_through_the_general_reader(tmp_path: Path) -> None:
    data = by_openpyxl([["甲", 1]])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = part.replace(
                    b"<worksheet ", b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
                ).replace(b"</worksheet>", b"</x:worksheet>")
            new.writestr(name, part)
    path = tmp_path / "a.xlsx"
    path.write_bytes(out.getvalue())
    assert tables._usual(path) is None
    assert trimmed(read(path)) == [["甲", 1.0]]


def test_a_file_on_disk_reads_as_its_bytes(tmp_path: Path) -> None:
    for data in (by_openpyxl(CELLS), "发票号码,金额\n1,2\n".encode("gb18030")):
        (tmp_path / "f").write_bytes(data)
        assert read(tmp_path / "f") == read(data)


def test_a_text_field_beyond_all_measure_is_refused() -> None:
    with pytest.raises(RecordsError) as refused:
        read(b"a,b\n" + b"x" * 200_000 + b",1\n")
    assert refused.value.code == "records_damaged"
