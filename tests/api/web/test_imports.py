"""Imports on the pages: looked at first, then imported or cancelled; columns chosen; taken back; months covered."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from api.importing import runner, staging
from api.importing.working import work
from models.tables import AuditEvent, ImportMappingRow, ImportRow, InvoiceRow, RecordRow, StagedImportRow
from models.tables.base import now
from tests.api.conftest import COMPANY, LEDGER
from tests.api.web.test_records import MATCHED, ROWS
from tests.matching.ledger_rows import BASIC_HEADERS, SELLER, basic_row

NUMBERS = [f"253120000001234567{n:02d}" for n in range(11, 30)]
UNKNOWN = ("单据号", "客商", "客商税号", "票据号", "票日", "未税", "税", "合计数")


def table(*rows: Sequence[Any], headers: Sequence[str] = BASIC_HEADERS) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([headers, *rows])
    return buffer.getvalue().encode("utf-8-sig")


def unknown_row(n: int) -> list[str]:
    return [f"CG{n}", SELLER[1], SELLER[0], NUMBERS[n], f"2025/3/{n + 1}", f"{n}00.00", f"{n * 13}.00", f"{n * 113}.00"]


def upload(client, name: str, data: bytes, **fields: str) -> str:
    """Address of the preview."""
    answer = client.post("/records/imports", files=[("files", (name, data))], data=fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def one(service, kind):
    with service.session() as session:
        return session.query(kind).one()


def stored(service) -> int:
    with service.session() as session:
        return session.query(RecordRow).count()


def test_nothing_is_stored_before_a_person_says_so(service) -> None:
    client = service.browser("acc")
    where = upload(client, LEDGER.name, LEDGER.read_bytes(), direction="input")
    page = client.get(where).text
    assert f"新增 {ROWS} 条" in page and "发票基础信息" in page and "税务局全量查询" in page
    assert stored(service) == 0
    assert client.post(f"{where}/import").headers["location"] == where
    assert stored(service) == ROWS
    settled = client.get(where)
    assert settled.headers["location"] == f"/records/imports/{one(service, ImportRow).id}"
    page = client.get(settled.headers["location"]).text
    assert LEDGER.name in page and "进项" in page and "2024-" in page
    with service.session() as session:
        actions = [event.action for event in session.query(AuditEvent).filter(AuditEvent.action.like("web:%import%"))]
        assert actions == ["web:import:stage", "web:records:import"]
    assert not staging.folder_of(service.settings, where.rsplit("/", 1)[1]).exists()


def test_the_same_file_is_recognised_and_harmless(service) -> None:
    client = service.browser("acc")
    for _ in range(2):
        where = upload(client, LEDGER.name, LEDGER.read_bytes(), direction="input")
        page = client.get(where).text
        client.post(f"{where}/import")
    assert "此前已导入过" in page and "没有新内容" in page
    assert stored(service) == ROWS


def test_a_cancelled_file_leaves_nothing(service) -> None:
    client = service.browser("acc")
    where = upload(client, LEDGER.name, LEDGER.read_bytes())
    assert client.post(f"{where}/cancel").status_code == 303
    assert not staging.folder_of(service.settings, where.rsplit("/", 1)[1]).exists()
    assert client.post(f"{where}/import").status_code == 409
    assert stored(service) == 0 and "已取消" in client.get(where).text


def test_what_is_no_table_says_so_and_the_others_wait(service) -> None:
    client = service.browser("acc")
    files = [("files", ("坏.xlsx", b"PK\x03\x04 not")), ("files", (LEDGER.name, LEDGER.read_bytes()))]
    answer = client.post("/records/imports", files=files)
    assert answer.headers["location"] == "/records/imports"
    page = client.get("/records/imports").text
    assert page.count("待确认") >= 1 and "失败" in page
    with service.session() as session:
        bad = session.query(StagedImportRow).filter_by(file_name="坏.xlsx").one()
    page = client.get(f"/records/imports/staged/{bad.token}").text
    assert "表格文件已损坏" in page and "没有存入任何记录" in page


def test_several_files_are_imported_at_once(service) -> None:
    client = service.browser("acc")
    files = [("files", (f"{n}.csv", table(basic_row(NUMBERS[n])))) for n in range(3)]
    client.post("/records/imports", files=files)
    assert client.post("/records/imports/staged/import-all").status_code == 303
    assert stored(service) == 3


def test_a_direction_that_does_not_exist_is_refused(service) -> None:
    client = service.browser("acc")
    answer = client.post("/records/imports", files=[("files", ("a.csv", table()))], data={"direction": "up"})
    assert answer.status_code == 422


def test_what_the_file_does_not_say_a_person_does(service) -> None:
    service.register_company()
    client = service.browser("acc")
    where = upload(client, "导出.csv", table(basic_row(NUMBERS[0])))
    assert "1 条看不出是进项还是销项" in client.get(where).text
    said = {
        "direction": "output",
        "owner_tax_id": COMPANY["tax_id"],
        "covers_from": "2025-03-01",
        "covers_to": "2025-03-31",
    }
    client.post(f"{where}/say", data=said)
    assert "看不出是进项还是销项" not in client.get(where).text
    client.post(f"{where}/import")
    row = one(service, ImportRow)
    assert (row.direction, row.owner_tax_id) == ("output", COMPANY["tax_id"])
    assert (str(row.date_from), str(row.date_to)) == ("2025-03-01", "2025-03-31")
    assert one(service, RecordRow).direction == "output"
    assert client.post(f"{where}/say", data={**said, "covers_to": "2024-01-01"}).status_code == 422


def test_what_would_change_is_shown_from_what_to_what_and_kept_as_the_records_story(service) -> None:
    client = service.browser("acc")
    for state in ("正常", "已红冲-全额"):
        where = upload(client, f"{state}.csv", table(basic_row(NUMBERS[0], 发票状态=state)), direction="input")
        page = client.get(where).text
        client.post(f"{where}/import")
    assert "正常 → 已红冲-全额 × 1" in page
    page = client.get(f"/records/{one(service, RecordRow).id}").text
    assert "<s>正常</s>" in page and "<b>已红冲-全额</b>" in page and "已红冲-全额.csv" in page
    assert client.get("/records/999").status_code == 404


def test_damaged_numbers_and_refused_rows_are_shown_and_downloaded(service) -> None:
    client = service.browser("acc")
    data = table(basic_row(NUMBERS[0]), basic_row("2.5312E+19"), basic_row("", 备注="缺号"))
    where = upload(client, "导出.csv", data, direction="input")
    page = client.get(where).text
    assert "1 个号码看起来被表格软件损坏" in page and "2.5312E+19" in page and "没有发票号码" in page
    before = client.get(f"{where}/problems.xlsx")
    client.post(f"{where}/import")
    for answer in (before, client.get(f"/records/imports/{one(service, ImportRow).id}/problems.xlsx")):
        assert "attachment" in answer.headers["content-disposition"]
        sheet = load_workbook(io.BytesIO(answer.content))["问题行"]
        cells = [cell.value for row in sheet.iter_rows() for cell in row]
        assert "2.5312E+19" in cells and "缺号" in cells and "未导入" in cells
    client.get("/records", params={"lang": "en"})
    english = client.get(f"/records/imports/{one(service, ImportRow).id}/problems.xlsx")
    sheet = load_workbook(io.BytesIO(english.content))["Problems"]
    own = [str(cell.value or "") for row in sheet.iter_rows(max_col=7) for at, cell in enumerate(row) if at != 3]
    assert "not imported" in own and not re.search("[\u4e00-\u9fff]", " ".join(own)), own


def test_unknown_headers_are_mapped_saved_and_used_again(service) -> None:
    service.register_company()
    client = service.browser("acc")
    where = upload(client, "台账.csv", table(unknown_row(1), unknown_row(2), headers=UNKNOWN))
    asked = client.get(where)
    assert asked.headers["location"] == f"{where}/columns"
    page = client.get(f"{where}/columns").text
    assert NUMBERS[1] in page and "必需的列已齐全" in page
    assert '<option value="invoice_number" selected>' in page
    chosen = ("seller_name", "seller_tax_id", "invoice_number", "issue_date", "total_excl_tax", "total_tax",
              "total_incl_tax")  # fmt: skip
    form = {f"column.{n}": name for n, name in enumerate(chosen, 1)}
    form |= {"sheet": "", "header_row": "1", "grain": "invoice", "name": "采购台账", "direction": "input"}
    form |= {"owner_tax_id": COMPANY["tax_id"]}
    assert client.post(f"{where}/columns", data=form).headers["location"] == where
    page = client.get(where).text
    assert "新增 2 条" in page and "采购台账" in page
    client.post(f"{where}/import")
    with service.session() as session:
        stored = session.query(RecordRow).order_by(RecordRow.id).first()
        assert stored is not None and stored.total_incl_fen == 11300 and stored.direction == "input"
        assert session.query(ImportRow).one().mapping_name == "采购台账"
    again = upload(client, "四月台账.csv", table(unknown_row(3), headers=UNKNOWN))
    assert "新增 1 条" in client.get(again).text
    listed = client.get("/records/mappings").text
    assert "采购台账" in listed and "Acc" in listed
    row = one(service, ImportMappingRow)
    client.post(f"/records/mappings/{row.id}", data={**form, "column.7": ""})
    assert "total_incl_tax" not in one(service, ImportMappingRow).columns
    assert client.post(f"/records/mappings/{row.id}/delete").status_code == 303
    assert "还没有保存过" in client.get("/records/mappings").text


def test_columns_without_a_number_are_refused_and_what_was_chosen_is_kept(service) -> None:
    client = service.browser("acc")
    where = upload(client, "台账.csv", table(unknown_row(1), headers=UNKNOWN))
    answer = client.post(f"{where}/columns", data={"sheet": "", "header_row": "1", "column.1": "seller_name"})
    assert answer.status_code == 422 and "缺少：发票号码" in answer.text
    assert '<option value="seller_name" selected>' in answer.text
    twice = {"sheet": "", "header_row": "1", "column.3": "invoice_number", "column.2": "invoice_number"}
    assert client.post(f"{where}/columns", data=twice).status_code == 422


def test_an_import_is_taken_back_and_what_it_settled_is_open_again(service) -> None:
    service.register_company()
    client = service.browser("acc")
    where = upload(client, LEDGER.name, LEDGER.read_bytes(), direction="input")
    client.post(f"{where}/import")
    service.bring(client, MATCHED)
    assert one(service, InvoiceRow).match_status == "matched"
    address = f"/records/imports/{one(service, ImportRow).id}"
    assert "撤销这次导入" in client.get(address).text
    assert client.post(f"{address}/undo").status_code == 303
    assert one(service, InvoiceRow).match_status == "absent" and stored(service) == 0
    page = client.get(address).text
    assert "已撤销" in page and "撤销</b>" not in page
    assert "已撤销" in client.get("/records/imports").text
    refused = client.post(f"{address}/undo")
    assert refused.status_code == 409 and "已经撤销过" in refused.text
    with service.session() as session:
        assert session.query(AuditEvent).filter_by(action="web:import:undo").count() == 1


def test_why_an_import_cannot_be_taken_back_is_said_before_one_tries(service) -> None:
    client = service.browser("acc")
    for n in (0, 1):
        where = upload(client, f"第{n}份.csv", table(basic_row(NUMBERS[n])), direction="input")
        client.post(f"{where}/import")
    page = client.get("/records/imports/1").text
    assert "现在不能撤销" in page and "第1份.csv" in page and "disabled" in page


def test_months_show_what_was_imported_and_what_was_not(service) -> None:
    service.register_company()
    client = service.browser("acc")
    said = {"direction": "input", "owner_tax_id": COMPANY["tax_id"]}
    where = upload(
        client, "三月.csv", table(basic_row(NUMBERS[0]), basic_row(NUMBERS[1], 开票日期="2025-03-20")), **said
    )
    client.post(f"{where}/import")
    page = client.get("/records/coverage", params={"year": 2025}).text
    assert page.count('<li class="part">') == 1 and "14–20 日" in page
    assert page.count('<li class="none">') == 23  # the other months of both directions
    client.post(f"/records/imports/{one(service, ImportRow).id}/undo")
    assert '<li class="part">' not in client.get("/records/coverage", params={"year": 2025}).text


def test_staff_cannot_import_nor_look(service) -> None:
    where = upload(service.browser("acc"), LEDGER.name, LEDGER.read_bytes())
    staff = service.browser("staff")
    files = [("files", (LEDGER.name, LEDGER.read_bytes()))]
    assert staff.post("/records/imports", files=files).status_code == 403
    for address in (where, f"{where}/columns", f"{where}/problems.xlsx", "/records/imports", "/records/coverage",
                    "/records/mappings", "/records/1", "/records/imports/1"):  # fmt: skip
        assert staff.get(address).status_code == 403, address
    for address in (f"{where}/import", f"{where}/cancel", f"{where}/say", "/records/imports/1/undo"):
        assert staff.post(address).status_code == 403, address


def test_a_large_file_is_worked_on_in_a_process_of_its_own(service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "SMALL", 0)
    client = service.browser("acc")
    where = upload(client, LEDGER.name, LEDGER.read_bytes(), direction="input")
    wait_until(service, "ready")
    client.post(f"{where}/import")
    wait_until(service, "done")
    assert stored(service) == ROWS


def wait_until(service, state: str) -> None:
    import time

    for _ in range(300):
        if one(service, StagedImportRow).state == state:
            return
        time.sleep(0.1)
    raise AssertionError(one(service, StagedImportRow).state)


def test_what_a_dead_service_left_is_taken_up_by_the_next(service, monkeypatch: pytest.MonkeyPatch) -> None:
    imports = service.app.state.imports
    monkeypatch.setattr(imports, "take_up", lambda _token: None)  # the service dies right after the answer
    client = service.browser("acc")
    where = upload(client, LEDGER.name, LEDGER.read_bytes(), direction="input")
    progress = client.get(f"{where}/progress")
    assert "正在读取" in progress.text and "hx-trigger" in progress.text
    imports.start()
    wait_until(service, "ready")
    assert client.get(f"{where}/progress").headers["hx-refresh"] == "true"


def test_a_failure_in_the_middle_stores_nothing_and_says_so(service, monkeypatch: pytest.MonkeyPatch) -> None:
    client = service.browser("acc")
    where = upload(client, LEDGER.name, LEDGER.read_bytes(), direction="input")

    def broken(*_: object, **__: object) -> None:
        raise OSError("disk gone")

    monkeypatch.setattr("api.importing.working.audit.record", broken)  # after the records, before the commit
    client.post(f"{where}/import")
    monkeypatch.undo()
    assert stored(service) == 0
    page = client.get(where).text
    assert "没有存入任何记录" in page and "disk gone" in page
    client.post(f"{where}/again")
    client.post(f"{where}/import")
    assert stored(service) == ROWS


def test_two_who_confirm_at_the_same_time_import_once(service) -> None:
    client = service.browser("acc")
    where = upload(client, LEDGER.name, LEDGER.read_bytes(), direction="input")
    client.post(f"{where}/import")
    assert service.browser("acc2").post(f"{where}/import").status_code == 409
    work(service.app.state.sessions, service.settings, where.rsplit("/", 1)[1])  # a second worker comes late
    with service.session() as session:
        assert session.query(ImportRow).count() == 1


def test_what_nobody_decides_on_goes_after_two_days(service) -> None:
    client = service.browser("acc")
    where = upload(client, LEDGER.name, LEDGER.read_bytes())
    with service.session() as session:
        session.query(StagedImportRow).one().created_at = now() - timedelta(hours=49)
    with service.session() as session:
        staging.tidy(session, service.settings)
    assert one(service, StagedImportRow).state == "cancelled"
    assert not staging.folder_of(service.settings, where.rsplit("/", 1)[1]).exists()


def test_a_token_is_no_path(service) -> None:
    client = service.browser("acc")
    assert client.get(f"/records/imports/staged/{'x' * 32}").status_code == 404
    with pytest.raises(Exception, match="找不到"):
        staging.folder_of(service.settings, "../../etc")


def test_the_disk_is_not_filled_by_files_that_wait(service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "MOST_FILES", 1)
    client = service.browser("acc")
    upload(client, "一.csv", table(basic_row(NUMBERS[0])))
    answer = client.post("/records/imports", files=[("files", ("二.csv", table(basic_row(NUMBERS[1]))))])
    assert answer.status_code == 422 and "已有 1 个" in answer.text
    assert len(list(Path(service.settings.data / "staged").iterdir())) == 1


def test_the_calendar_opens_on_the_newest_year_with_data(service) -> None:
    service.register_company()
    client = service.browser("acc")
    said = {"direction": "input", "owner_tax_id": COMPANY["tax_id"]}
    where = upload(client, "三月.csv", table(basic_row(NUMBERS[0])), **said)
    client.post(f"{where}/import")
    page = client.get("/records/coverage").text
    assert 'href="/records/coverage?year=2025" aria-current="page"' in page and '<li class="part">' in page
