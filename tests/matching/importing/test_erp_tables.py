"""Tables of an ERP: any encoding, any of the usual headers, numbers padded to keep them whole."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.importing import import_records
from matching.importing.telling import Told
from models.tables import ImportRow, RecordChangeRow, RecordRow
from tests.matching.ledger_rows import SELLER, basic_row

NUMBER = "25312000000123456789"
TABLE = f"""应付发票清单
期间,2025-03

单据编号,供应商,供应商税号,发票类型,发票代码,发票号,发票日期,不含税金额,税额,价税合计
AP1,{SELLER[1]},{SELLER[0]},数电专票,,{NUMBER}\t,2025/3/14,"1,000.00",130.00,"1,130.00"
AP2,{SELLER[1]},{SELLER[0]},专票,'3200251130,'01234567,2025-03-15,100,13,113
"""


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
def test_delimited_text_in_every_encoding(session: Session, encoding: str) -> None:
    done = import_records(session, TABLE.encode(encoding), "应付发票.csv")
    assert (done.format, done.added, done.problems) == ("erp", 2, [])
    first, second = session.scalars(select(RecordRow).order_by(RecordRow.id))
    assert (first.identity_key, first.total_incl_fen, first.kind) == (NUMBER, 113000, "digital_special")
    assert second.identity_key == "3200251130-01234567"
    assert second.seller_name == SELLER[1]


def test_tabs_and_semicolons_separate_too(session: Session) -> None:
    for mark in "\t;":
        text = f"发票号码{mark}开票日期{mark}供应商{mark}价税合计\n{NUMBER}{mark}2025-03-14{mark}某公司{mark}113\n"
        assert import_records(session, text.encode(), "x.txt").rows == 1


def test_rows_of_items_are_added_up(session: Session) -> None:
    head = "发票号码,开票日期,供应商,商品名称,数量,金额,税额,价税合计\n"
    line = f"{NUMBER},2025-03-14,{SELLER[1]},打印纸,1,100,13,113\n"
    done = import_records(session, (head + line + line).encode(), "x.csv")
    record = session.scalars(select(RecordRow)).one()
    assert done.format == "erp_lines"
    assert (record.total_incl_fen, len(record.lines)) == (22600, 2)


def test_a_number_without_its_code_is_kept_without_a_key(session: Session) -> None:
    text = f"发票号码,开票日期,供应商,价税合计\n01234567,2025-03-14,{SELLER[1]},113\n"
    for added in (1, 0):
        assert import_records(session, text.encode(), "x.csv").added == added
    record = session.scalars(select(RecordRow)).one()
    assert (record.identity_key, record.invoice_number, record.damaged) == (None, "01234567", {})


@pytest.mark.parametrize("row", [f"{NUMBER},", f"{NUMBER},{NUMBER}", f",{NUMBER}"])
def test_twenty_digits_are_the_digital_number_whatever_their_column_is_called(
    session: Session, ledger: Callable[..., ImportRow], row: str
) -> None:
    """The record of the tax account is the same before and after: nothing that an undo would have to put back."""
    typed = f"发票号码,数电票号码,开票日期,供应商,价税合计\n{row},2025-03-14,{SELLER[1]},113\n"
    ledger(basic_row(NUMBER))
    told: list[Told] = []
    done = import_records(session, typed.encode(), "台账.csv", told=told.append)
    assert (done.added, done.updated, done.unchanged, done.problems) == (0, 0, 1, [])
    assert [each.kind for each in told] == ["unchanged"]
    record = session.scalars(select(RecordRow)).one()
    assert (record.digital_invoice_number, record.invoice_number) == (NUMBER, None)
    assert session.scalars(select(RecordChangeRow)).all() == []


def test_a_digital_number_under_the_old_header_stays_what_it_is_on_the_next_import(session: Session) -> None:
    typed = f"发票号码,开票日期,供应商,价税合计\n{NUMBER},2025-03-14,{SELLER[1]},113\n".encode()
    first, again = import_records(session, typed, "台账.csv"), import_records(session, typed, "台账.csv")
    assert (first.added, again.added, again.updated, again.unchanged) == (1, 0, 0, 1)
    record = session.scalars(select(RecordRow)).one()
    assert (record.identity_key, record.digital_invoice_number, record.number_tail) == (NUMBER, NUMBER, NUMBER[-8:])


def test_two_different_numbers_of_twenty_digits_are_two_keys(session: Session) -> None:
    other = f"{NUMBER[:-1]}8"
    typed = f"发票号码,数电票号码,开票日期,供应商,价税合计\n{other},{NUMBER},2025-03-14,{SELLER[1]},113\n"
    import_records(session, typed.encode(), "台账.csv")
    record = session.scalars(select(RecordRow)).one()
    assert {key.key for key in record.keys} == {NUMBER, other}


def test_the_tax_account_is_believed_over_a_typed_table(session: Session, ledger: Callable[..., ImportRow]) -> None:
    typed = f"发票号码,开票日期,供应商,价税合计,备注\n{NUMBER},2025-03-15,{SELLER[1]},131,王芳报销\n"
    ledger(basic_row(NUMBER))
    told = import_records(session, typed.encode(), "x.csv")
    record = session.scalars(select(RecordRow)).one()
    assert record.total_incl_fen == 11300
    assert record.remarks == "王芳报销", "blanks are filled"
    assert "131.00" in told.problems[0]["what"]


def test_a_typed_table_gives_way_to_the_tax_account(session: Session, ledger: Callable[..., ImportRow]) -> None:
    import_records(session, f"发票号码,开票日期,供应商,价税合计\n{NUMBER},2025-03-15,某公司,131\n".encode(), "x.csv")
    ledger(basic_row(NUMBER))
    record = session.scalars(select(RecordRow)).one()
    assert (record.total_incl_fen, record.seller_name) == (11300, SELLER[1])
