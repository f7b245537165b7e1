"""The command line as a company uses it: who we are, the ledger, documents, findings, drafts, people, backup."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path

import openpyxl
import pytest

import samples
from matching.application_numbers import application_number
from tests.api.cli.conftest import Chapiao

LEDGER = next(samples.FINISHED.glob("*.xlsx"))
XML = samples.FINISHED / "03-digital-special.xml"
PDF = samples.FINISHED / "01-digital-ordinary.pdf"
US = ("--name", "杭州澜朔智能装备有限公司", "--tax-id", "91330108MAQ18U4N42")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Chapiao:
    """An installation with the ledger imported and two documents captured, one of them recorded."""
    chapiao = Chapiao(tmp_path_factory.mktemp("company"))
    assert chapiao("companies", "add", *US).code == 0
    imported = chapiao("import-records", LEDGER, "--json")
    assert (imported.code, imported.lines[0]["rejected"]) == (0, 0)
    assert imported.lines[0]["added"] > 5
    captured = chapiao("capture", PDF, XML, "--json")
    assert captured.code == 0
    assert [line["status"] for line in captured.lines] == ["matched", "absent"]
    return chapiao


def test_the_company_is_listed(company: Chapiao) -> None:
    [line] = company("companies", "list", "--json").lines
    assert (line["name"], line["tax_id"], line["former_names"], line["parent_id"]) == (US[1], US[3], [], None)


def test_reconcile_gives_documents_and_records_as_the_contract_says(company: Chapiao, tmp_path: Path) -> None:
    lines = company("reconcile", "--format", "jsonl").lines
    documents = {line["document"]: line for line in lines if "document" in line}
    assert documents[PDF.name]["status"] == "matched"
    absent = documents[XML.name]
    assert absent["status"] == "absent"
    assert absent["causes"][0].keys() == {"code", "probability", "evidence", "action"}
    assert absent["draft"].startswith("BL")
    assert any(line["status"] == "no_document" for line in lines)
    workbook = tmp_path / "report.xlsx"
    assert company("reconcile", "--xlsx", workbook).code == 0
    assert XML.name in str([row for sheet in openpyxl.load_workbook(workbook) for row in sheet.values])


def test_tables_call_things_by_their_names_and_json_by_their_codes(company: Chapiao) -> None:
    table = company("reconcile").out
    assert "已入账" in table and "未入账" in table and "absent" not in table
    assert "Absent" in company("reconcile", CHAPIAO_LANGUAGE="en").out
    assert {line["status"] for line in company("reconcile", "--json").lines} >= {"matched", "absent"}
    listed = company("drafts", "list").out
    assert "暂缓" in listed and "held" not in listed
    assert "administrator" not in company("users", "list").out
    found = company("search", "24347000000962715841").out
    assert "单据" in found and "未入账" in found


def test_a_draft_needs_two_people(company: Chapiao, tmp_path: Path) -> None:
    for name in ("submitter", "approver"):
        assert company("users", "add", name, "--role", "accountant").code == 0
    assert {user["username"] for user in company("users", "list", "--json").lines} == {"submitter", "approver"}
    [draft] = company("drafts", "list", "--json").lines
    number = draft["application_number"]
    shown = company("drafts", "show", number, "--json").lines[0]
    assert shown["fields"]["invoice_number"]["source"] == "xml"
    assert company("drafts", "submit", number, "--as", "submitter").code == 0
    alone = company("drafts", "approve", number, "--as", "submitter")
    assert alone.code == 2
    assert "same_person" in alone.err
    reminded = company("drafts", "remind", "--json").lines
    assert [r["username"] for r in reminded if r["to_review"] == [number]] == ["approver"]
    assert company("drafts", "take", number.replace("-", ""), "--as", "approver").code == 0
    assert company("users", "add", "clerk", "--role", "staff").code == 0
    refused = company("drafts", "approve", number, "--as", "clerk")
    assert (refused.code, "forbidden" in refused.err) == (2, True), "staff bring documents in and decide nothing"
    with closing(sqlite3.connect(company.folder / "data" / "chapiao.sqlite")) as trail:
        [kept] = trail.execute("SELECT subject FROM audit_events WHERE action = 'cli:draft:take'").fetchall()
    assert kept == (f"draft:{number}",), "by its number, however that was typed"
    packet = tmp_path / "packet.zip"
    assert company("drafts", "packet", number, "--out", packet).code == 0
    assert f"documents/1-{XML.name}" in zipfile.ZipFile(packet).namelist()
    assert company("drafts", "approve", number, "--as", "approver").code == 0
    [progress] = company("drafts", "progress", number, "--json").lines
    assert [h["what"] for h in progress["history"]] == ["生成草稿", "提交审批", "开始审核", "批准"]
    assert company("drafts", "list", "--state", "approved", "--json").lines[0]["application_number"] == number


def test_a_draft_that_does_not_exist_is_named(company: Chapiao) -> None:
    done = company("drafts", "show", application_number(date(2020, 1, 1), 1))
    assert (done.code, "no_such_item" in done.err) == (2, True)


def test_a_number_with_a_wrong_digit_is_told(company: Chapiao) -> None:
    right = application_number(date(2020, 1, 1), 1)
    done = company("drafts", "show", f"{right[:-1]}{(int(right[-1]) + 1) % 10}")
    assert (done.code, "application_number_wrong" in done.err) == (2, True)


def test_part_of_a_number_is_told_with_what_it_may_mean(company: Chapiao) -> None:
    number = company("drafts", "list", "--json").lines[0]["application_number"]
    for typed in (number[-8:], number[-8:].lstrip("0"), number[:-2]):
        done = company("drafts", "show", typed)
        assert (done.code, "application_number_part" in done.err) == (2, True), typed
        assert f"可能是：{number}" in done.err
    done = company("drafts", "show", "777777-7")
    assert "不是完整的申请编号" in done.err and "可能是" not in done.err


def test_backup_restore_and_verify(company: Chapiao, tmp_path: Path) -> None:
    assert company("backup", tmp_path / "backup.tar", "--json").lines[0]["sound"]
    elsewhere = Chapiao(tmp_path)
    assert elsewhere("restore", tmp_path / "backup.tar").code == 0
    assert elsewhere("verify", "--json").lines[0] == {
        "sound": True,
        "originals": 2,
        "damaged": [],
        "missing": [],
        "database": [],
    }
    assert elsewhere("reconcile", "--json").lines == company("reconcile", "--json").lines
    original = next(path for path in (tmp_path / "data/originals").rglob("*") if path.is_file())
    original.chmod(0o600)
    original.write_bytes(b"changed")
    assert elsewhere("verify").code == 1


def test_a_table_that_cannot_be_imported_is_an_error_with_advice(company: Chapiao, tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text("a,b\n1,2\n", encoding="utf-8")
    done = company("import-records", table)
    assert (done.code, "records_unknown_headers" in done.err) == (1, True)


def test_a_preview_says_what_would_change_and_stores_nothing(company: Chapiao, tmp_path: Path) -> None:
    header = "发票号码,开票日期,销方名称,价税合计,金额,税额\n"
    table = tmp_path / "new.csv"
    table.write_text(
        f"{header}25312000000987650001,2025-03-14,苏州云杉,113.00,100.00,13.00\n,2025-03-14,无号,1,1,0\n", "utf-8"
    )
    problems = tmp_path / "problems.xlsx"
    looked = company("import-records", table, "--direction", "input", "--preview", "--problems", problems, "--json")
    assert looked.code == 0, looked.err
    [line] = looked.lines
    assert (line["preview"], line["added"], line["rejected"]) == (True, 1, 1)
    told = [str(cell) for sheet in openpyxl.load_workbook(problems) for row in sheet.values for cell in row]
    assert any("无号" in cell for cell in told)
    again = company("import-records", table, "--direction", "input", "--preview", "--json").lines[0]
    assert again["added"] == 1  # nothing was stored by the first look


def test_a_mapping_that_nobody_saved_is_named(company: Chapiao) -> None:
    done = company("import-records", LEDGER, "--mapping", "no such mapping", "--json")
    assert (done.code, done.lines[0]["error"]["code"]) == (1, "no_such_item")


def test_a_table_that_is_not_there_is_told(company: Chapiao, tmp_path: Path) -> None:
    done = company("import-records", tmp_path / "nowhere.xlsx", "--json")
    assert (done.code, done.lines[0]["error"]["code"]) == (1, "not_found")


@pytest.mark.ocr
def test_the_doctor_finds_a_sound_installation_sound(company: Chapiao) -> None:
    done = company("doctor", "--json")
    findings = {line["name"]: line for line in done.lines}
    assert done.code == 0, findings
    assert findings["engine"]["state"] == findings["opencv"]["state"] == findings["database"]["state"] == "ok"


def test_the_doctor_says_what_to_do(chapiao: Chapiao, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/chapiao.sqlite").write_bytes(b"this is no database" * 100)
    done = chapiao("doctor", "--json", CHAPIAO_OCR_RECOGNITION_MODEL_DIR=str(tmp_path / "nowhere"))
    findings = {line["name"]: line for line in done.lines}
    assert done.code == 1
    for name in ("database", "engine"):
        assert findings[name]["state"] == "problem"
        assert findings[name]["advice"]
