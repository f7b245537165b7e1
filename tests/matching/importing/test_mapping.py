"""Tables with unknown headers: proposed from headers and content, said by a person, found again by the headers."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy.orm import Session

from matching.companies import OurCompanies, add_company
from matching.importing import import_records
from matching.importing.guessing import guess
from matching.importing.mapping import ColumnMapping, Recogniser, Table, missing_of, signature_of, table_of
from matching.importing.preview import preview, unknown_tables
from matching.importing.saved_mappings import find_mapping, list_mappings, mapping_for, restore, save_mapping
from matching.importing.tables import Sheet, sheets
from models.errors import ChapiaoError
from models.ledger import Direction
from models.tables import RecordRow
from tests.matching.ledger_rows import SELLER, US

NOBODY = OurCompanies(frozenset(), {}, {})
WE = OurCompanies(frozenset({US[0]}), {US[1]: US[0]}, {})
HEADERS = ("单据号", "客商", "客商税号", "归属主体", "票据号", "票日", "未税", "税", "合计数", "备注信息")


def row(n: int, **changes: Any) -> list[Any]:
    values = {
        "单据号": f"CG{n:03}", "客商": SELLER[1], "客商税号": SELLER[0], "归属主体": US[1],
        "票据号": f"253120000001234567{n:02d}", "票日": f"2025/3/{n + 1}", "未税": f"{n}00.00", "税": f"{n * 13}.00",
        "合计数": f"{n * 113}.00", "备注信息": "",
    }  # fmt: skip
    return list((values | changes).values())


def book(*rows: Sequence[Any], title: bool = True) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([*([["2025年采购发票台账"], []] if title else []), *rows])
    return buffer.getvalue().encode("utf-8-sig")


FILE = book(HEADERS, row(1), row(2), row(3))


def table(data: bytes, header_row: int | None = None) -> Table:
    found = table_of(next(sheets(data)), header_row)
    assert found is not None
    return found


def named(found: Table, ours: OurCompanies = WE, **how: Any) -> dict[str, str]:
    return {column: found.headers[at] for column, at in guess(found, ours, **how).items()}


def test_the_header_is_found_below_titles_and_shown_with_samples() -> None:
    found = table(FILE)
    assert (found.header_row, found.headers) == (3, HEADERS)
    assert found.columns[4].samples == ("25312000000123456701", "25312000000123456702", "25312000000123456703")


def test_another_row_can_be_called_the_header() -> None:
    assert table(book(("甲", "乙", "丙"), HEADERS, row(1), title=False), 2).headers == HEADERS


def test_content_tells_what_headers_leave_open() -> None:
    said = named(table(FILE))
    assert said["invoice_number"] == "票据号" and said["issue_date"] == "票日"
    assert (said["seller_name"], said["seller_tax_id"], said["buyer_name"]) == ("客商", "客商税号", "归属主体")
    assert (said["total_excl_tax"], said["total_tax"], said["total_incl_tax"]) == ("未税", "税", "合计数")
    assert "单据号" not in said.values()


def test_among_nameless_amounts_the_sum_tells_which_is_which() -> None:
    plain = [*HEADERS[:6], "A", "B", "C", "备注信息"]
    said = named(table(book(plain, row(1), row(2), row(3))))
    assert (said["total_excl_tax"], said["total_tax"], said["total_incl_tax"]) == ("A", "B", "C")


def test_where_we_sell_our_own_name_is_the_sellers() -> None:
    said = named(table(FILE), direction=Direction.OUTPUT)
    assert said["seller_name"] == "归属主体" and said["buyer_name"] == "客商"


def test_what_is_required_is_told() -> None:
    assert missing_of({"seller_name": 0}) == ["发票号码或数电发票号码", "开票日期、金额或价税合计"]
    assert missing_of({"digital_invoice_number": 0, "issue_date": 1}) == []
    assert missing_of({"invoice_number": 0, "issue_date": 1}, "line") == ["项目名称"]
    with pytest.raises(ChapiaoError) as refused:
        ColumnMapping(headers=HEADERS, columns={"seller_name": 1}).check()
    assert refused.value.code == "mapping_incomplete"
    with pytest.raises(ChapiaoError):
        ColumnMapping(headers=HEADERS, columns={"invoice_number": 1, "issue_date": 1}).check()


def test_headers_are_the_same_however_they_are_spaced() -> None:
    assert signature_of(["金 额（元）", "发票号码 *", ""]) == signature_of(["金额(元)", "发票号码"])
    assert signature_of(["甲", "乙"]) != signature_of(["乙", "甲"])


def mapping(**how: Any) -> ColumnMapping:
    found = table(FILE)
    return ColumnMapping(headers=found.headers, columns=guess(found, WE), **how)


def test_the_mapped_table_goes_through_the_same_preview_and_import(session: Session) -> None:
    add_company(session, name=US[1], tax_id=US[0])
    with pytest.raises(ChapiaoError) as unknown:
        preview(session, FILE, "台账.csv")
    assert unknown.value.code == "records_unknown_headers"
    (asked,) = unknown_tables(session, FILE)
    said = ColumnMapping(headers=tuple(asked["headers"]), columns=asked["guess"], name="采购台账")
    shown = preview(session, FILE, "台账.csv", mapping=said, direction=Direction.INPUT)
    assert (shown["added"], shown["format"], shown["mapping"]) == (3, "mapped", "采购台账")
    import_records(session, FILE, "台账.csv", recognise=Recogniser(said), direction=Direction.INPUT)
    stored = session.query(RecordRow).order_by(RecordRow.digital_invoice_number).first()
    assert stored is not None
    assert (stored.digital_invoice_number, stored.invoice_number) == ("25312000000123456701", None)
    assert (stored.seller_name, stored.buyer_name) == (SELLER[1], US[1])
    assert (stored.total_excl_fen, stored.total_tax_fen, stored.total_incl_fen) == (10000, 1300, 11300)


def test_rows_of_items_are_added_up(session: Session) -> None:
    headers = (*HEADERS, "品名")
    item = [[*row(1), "纸"], [*row(1), "笔"], [*row(2), "墨"]]
    found = table(book(headers, *item))
    said = ColumnMapping(headers=headers, columns=guess(found, WE, grain="line"), grain="line")
    said.check()
    imported = import_records(session, book(headers, *item), "明细.csv", recognise=Recogniser(said))
    assert (imported.added, imported.rows) == (2, 3)
    stored = session.query(RecordRow).filter_by(digital_invoice_number="25312000000123456701").one()
    assert stored.total_incl_fen == 22600 and [line.data["item_name"] for line in stored.lines] == ["纸", "笔"]


def test_a_saved_mapping_is_found_by_the_headers_of_the_next_file(session: Session) -> None:
    save_mapping(session, mapping(name="采购台账", direction=Direction.INPUT, owner_tax_id=US[0]), user_id=None)
    again = mapping_for(session, sheets(book(HEADERS, row(7), title=False)))
    assert again is not None and restore(again).columns == mapping().columns and again.direction == "input"
    assert mapping_for(session, sheets(book(HEADERS[1:], row(7)[1:]))) is None


def test_a_name_belongs_to_one_kind_of_table(session: Session) -> None:
    save_mapping(session, mapping(name="台账"), user_id=None)
    save_mapping(session, mapping(name="台账"), user_id=None)  # again: replaced
    assert len(list_mappings(session)) == 1
    other = ColumnMapping(headers=("票号", "日期"), columns={"invoice_number": 0, "issue_date": 1}, name="台账")
    with pytest.raises(ChapiaoError) as taken:
        save_mapping(session, other, user_id=None)
    assert taken.value.code == "mapping_name_taken"
    with pytest.raises(ChapiaoError):
        find_mapping(session, "没有")


def test_named_on_the_command_line_it_bears_moved_columns_and_refuses_others(session: Session) -> None:
    moved = book(("部门", *HEADERS), ["采购部", *row(4)])
    assert preview(session, moved, "四.csv", mapping=mapping(name="台账"), near=True)["added"] == 1
    with pytest.raises(ChapiaoError) as other:
        preview(session, book(("票号", "日期"), ("1", "2")), "五.csv", mapping=mapping(name="台账"), near=True)
    assert other.value.code in ("mapping_does_not_fit", "records_unknown_headers")


def test_a_blank_header_keeps_its_place() -> None:
    found = table(book((*HEADERS[:4], "", *HEADERS[5:]), row(1), row(2)))
    assert named(found)["invoice_number"] == ""
    said = ColumnMapping(headers=found.headers, columns=guess(found, WE))
    layout = said.layout(Sheet("", lambda: iter([list(found.headers)])))
    assert layout is not None and layout.headers["invoice_number"] == "第 5 列"
