"""The ledgers have the bureau's columns, hold what the plan says and leave out what it says is missing."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

import samples
from samples.fixed_sets import demo_plans
from samples.outcomes import Outcome, new_scene
from samples.writing import BUREAU, COMPANIES, ERP, LEDGER_TRUTH, MANIFEST, planned_invoice

HEADERS = [
    "序号", "发票代码", "发票号码", "数电发票号码", "销方识别号", "销方名称", "购方识别号", "购买方名称", "开票日期",
    "金额", "税额", "价税合计", "发票来源", "发票票种", "发票状态", "是否正数发票", "发票风险等级", "开票人", "备注",
]  # fmt: skip


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (samples.FINISHED / name).read_text(encoding="utf-8").splitlines()]


def sheet(name: str) -> list[dict[str, Any]]:
    table = CalamineWorkbook.from_path(str(samples.FINISHED / BUREAU)).get_sheet_by_name(name).to_python()
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


def recorded() -> dict[str, dict[str, Any]]:
    return {str(row["数电发票号码"] or f"{row['发票代码']}-{row['发票号码']}"): row for row in sheet("发票基础信息")}


def test_the_bureau_workbook_has_both_sheets_and_exactly_the_columns_of_the_export() -> None:
    book = CalamineWorkbook.from_path(str(samples.FINISHED / BUREAU))
    assert book.sheet_names == ["发票基础信息", "信息汇总表"]
    assert book.get_sheet_by_name("发票基础信息").to_python()[0] == HEADERS
    lines = book.get_sheet_by_name("信息汇总表").to_python()[0]
    assert lines[:9] == HEADERS[:9]
    assert lines[-7:] == HEADERS[-7:]
    assert lines[9:12] == ["税收分类编码", "特定业务类型", "货物或应税劳务名称"]


def test_numbers_and_codes_are_text_so_that_no_zero_is_lost() -> None:
    for row in sheet("发票基础信息"):
        assert all(isinstance(row[name], str) for name in ("发票代码", "发票号码", "数电发票号码", "销方识别号"))


def test_rows_of_the_line_sheet_add_up_to_the_basic_sheet() -> None:
    sums: dict[str, float] = {}
    for row in sheet("信息汇总表"):
        found = str(row["数电发票号码"] or f"{row['发票代码']}-{row['发票号码']}")
        sums[found] = sums.get(found, 0) + float(row["金额"])
    wrong = [k for k, row in recorded().items() if abs(sums[k] - float(row["金额"])) > 0.005]
    assert wrong == [key(r) for r in rows(MANIFEST) if r["expect_status"] == "differs"]


def key(row: dict[str, Any]) -> str:
    truth = row["truth"]
    number = str(truth["invoice_number"])
    return number if len(number) == 20 else f"{truth['invoice_code']}-{number}"


def test_what_must_be_absent_is_absent_and_the_rest_is_there_with_its_state() -> None:
    known = recorded()
    for row in rows(MANIFEST):
        if row["expect_status"] in ("absent", "not_ours", "probable"):
            assert key(row) not in known, row["file"]
            continue
        record = known[key(row)]
        state = {"void": "作废", "red_flushed": "已红冲-全额"}.get(row["expect_status"], "正常")
        assert record["发票状态"] == state
        same = float(record["价税合计"]) == float(row["truth"]["total_incl_tax"])
        assert same == (row["expect_status"] != "differs")


def test_the_blue_invoice_of_a_red_one_is_recorded_as_flushed() -> None:
    red = next(r for r in rows(MANIFEST) if r["expect_cause"] == "is_red")
    blue = recorded()[red["truth"]["extra"]["original_invoice_number"]]
    assert blue["发票状态"] == "已红冲-全额"
    assert float(blue["价税合计"]) == -float(red["truth"]["total_incl_tax"])


def test_some_records_have_no_document() -> None:
    spare = [r for r in rows(LEDGER_TRUTH) if r["outcome"] == "no_document"]
    assert len(spare) >= 4
    assert {r["identity_key"] for r in spare} <= recorded().keys()


def test_the_erp_table_has_one_wrong_digit_and_one_number_eaten_by_a_spreadsheet() -> None:
    data = (samples.FINISHED / ERP).read_bytes().decode("gb18030")
    table = list(csv.DictReader(io.StringIO(data)))
    by_cause = {r["expect_cause"]: r["truth"] for r in rows(MANIFEST)}
    typed = by_cause["misread_or_mistyped"]
    near = next(
        t for t in table if t["供应商税号"] == typed["seller_tax_id"] and t["含税金额"] == typed["total_incl_tax"]
    )
    assert sum(a != b for a, b in zip(near["发票号"], typed["invoice_number"], strict=True)) == 1
    eaten = by_cause["spreadsheet_damage"]
    damaged = next(t for t in table if t["供应商税号"] == eaten["seller_tax_id"])
    assert "E+19" in damaged["发票号"]


def test_the_finished_set_is_small_complete_and_up_to_date() -> None:
    files = list(samples.FINISHED.iterdir())
    assert sum(f.stat().st_size for f in files) < 4_000_000
    listed = {r["file"]: r for r in rows(MANIFEST)}
    assert {f.name for f in files} == listed.keys() | {MANIFEST, COMPANIES, BUREAU, ERP, LEDGER_TRUTH}
    scene = new_scene(Random(f"{samples.DEMO_SEED}/scene"))
    us = json.loads((samples.FINISHED / COMPANIES).read_text(encoding="utf-8"))["companies"][0]
    assert us["tax_id"] == scene.us.tax_id
    for plan, row in zip(demo_plans(), rows(MANIFEST), strict=True):
        if plan.of is None:
            invoice = planned_invoice(Random(f"{samples.DEMO_SEED}/{plan.id}"), plan, scene)
            assert row["truth"]["invoice_number"] == invoice.invoice_number, "run make samples"
            assert row["truth"]["total_in_words"] == invoice.total_in_words, "run make samples"
        if plan.outcome is Outcome.OTHER_ENTITY:
            assert row["truth"]["buyer_tax_id"] != us["tax_id"]


def test_generating_is_repeatable_and_writes_what_the_manifest_lists(tmp_path: Path) -> None:
    from samples.truth import Medium

    media = [Medium.PDF, Medium.OFD, Medium.XML]
    first = samples.generate(tmp_path / "a", seed=7, count=12, media=media)
    again = samples.generate(tmp_path / "b", seed=7, count=12, media=media)
    assert [t.export() for t in first] == [t.export() for t in again]
    assert all((tmp_path / "a" / t.file).is_file() for t in first)
    assert (tmp_path / "a" / BUREAU).is_file()
    other = samples.generate(tmp_path / "c", seed=8, count=2, media=media)
    assert other[0].invoice.invoice_number != first[0].invoice.invoice_number


def test_fonts_are_not_needed_to_use_the_finished_set(monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess
    import sys

    code = "import sys, samples; assert samples.FINISHED.is_dir(); assert 'reportlab' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
