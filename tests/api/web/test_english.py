"""Whoever reads English meets no Chinese but what documents, tables and people say: every page is walked."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.gate.refusal import LANGUAGE_COOKIE
from matching.importing import import_records
from models.tables import (
    CompanyRow,
    DocumentRow,
    DraftRow,
    ImportMappingRow,
    ImportRow,
    InvoiceRow,
    RecordLineRow,
    RecordRow,
    StagedImportRow,
)
from tests.api.conftest import LEDGER, Service
from tests.api.web.test_imports import NUMBERS, UNKNOWN, table, unknown_row, upload
from tests.matching.ledger_rows import basic_row

CHINESE = re.compile(r"[\u3001-\u3003\u3008-\u3011\u4e00-\u9fff\uff08\uff09\uff0c\uff1a\uff1b]+")
DOCUMENTS = ("01-digital-ordinary.pdf", "02-digital-special.ofd", "03-digital-special.xml", "04-ordinary-e.pdf",
             "05-special-e.ofd", "11-digital-red.pdf", "13-digital-multi-page.pdf", "14-digital-discount.pdf",
             "15-tax-free.pdf", "16-digital-other-buyer.pdf", "17-digital-we-sold.pdf")  # fmt: skip
#: what the service is called, and the sheets and columns of the tax account by the names a person looks for there
PROPER = ("查票", "查验", "补录", "全量发票查询", "抵扣勾选", "中文", "专票", "普票")
NOT_WALKED = re.compile(
    r"^/(static|logout|api)|\.(pdf|xlsx|zip|jpg|webmanifest)(\?|$)|/original$|lang=zh|/pages/|/events"
)


@pytest.fixture
def scene(service: Service) -> Service:
    """Something of everything: matched, absent, submitted, returned, waiting, damaged, refused, mapped, taken back."""
    service.register_company()
    boss, acc = service.browser("boss"), service.browser("acc")
    import_file(acc, LEDGER.name, LEDGER.read_bytes())
    for name in DOCUMENTS:
        service.bring(acc, name)
    damaged = table(basic_row("2.5312E+19"), basic_row("25312000000123400000"), basic_row(None), basic_row(NUMBERS[1]))
    upload(acc, "damaged.csv", damaged)
    import_file(acc, "problems.csv", damaged)
    upload(acc, "own.csv", table(unknown_row(1), unknown_row(2), headers=UNKNOWN))
    upload(acc, "broken.xlsx", b"PK\x03\x04 this is no workbook")
    service.upload(acc, ("no.pdf", b"%PDF-1.4 broken"))
    with service.session() as session:
        import_records(session, table(basic_row(NUMBERS[5])), "last.csv")
        last = session.query(ImportRow).order_by(ImportRow.id.desc()).first().id
        drafts = [row.application_number for row in session.query(DraftRow).order_by(DraftRow.id)]
        broken = session.query(DocumentRow).filter_by(name="no.pdf").one()
        broken.state, broken.error_code, broken.error_details = "failed", "pdf_damaged", {}
    acc.post(f"/records/imports/{last}/undo")
    boss.post("/self-checks", data={"period": "2024-06"})
    acc.post(f"/drafts/{drafts[0]}/comment", data={"text": "please look"})
    for number in drafts:
        acc.post(f"/drafts/{number}/take-up")
    acc.post(f"/drafts/{drafts[0]}/submit")
    acc.post(f"/drafts/{drafts[-1]}/submit")
    boss.post(f"/drafts/{drafts[-1]}/send-back", data={"reason": "which one?"})
    return service


def import_file(client: TestClient, name: str, data: bytes) -> None:
    where = upload(client, name, data, direction="input")
    client.post(f"{where}/import")


def said_by_data(service: Service) -> set[str]:
    """Whatever the database holds of documents, tables and people; never the service's own sentences."""
    found: set[str] = set()
    with service.session() as session:
        for row in session.query(InvoiceRow):
            found |= set(strings([row.data["fields"], row.data["lines"]]))
        for kind in (RecordRow, RecordLineRow, CompanyRow, DocumentRow, ImportMappingRow):
            for row in session.query(kind):
                found |= set(strings({c.name: getattr(row, c.name) for c in kind.__table__.columns}))
        for draft in session.query(DraftRow):
            found |= set(strings([draft.fields, draft.lines]))
        for imported in session.query(ImportRow):
            found |= {imported.file_name} | set(strings([p.get("cells") for p in imported.problems]))
            found |= {str(p.get("column")) for p in imported.problems} | {
                str(p.get("sheet")) for p in imported.problems
            }
        for staged in session.query(StagedImportRow):
            found |= {staged.file_name} | set(strings(staged.preview or {}))
    found |= {part for text in list(found) for part in re.split(r"[\s*：:；;，,]+", text)}
    found |= {text.replace("（", "(").replace("）", ")") for text in found}
    return {text for text in found if CHINESE.search(text)}


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            if key not in ("why", "what"):
                yield from strings(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from strings(each)


def visible(page: str) -> str:
    """Texts and the attributes that people meet."""
    body = re.sub(r"<(script|style)\b.*?</\1>|</?mark>", "", page, flags=re.S)
    spoken = re.findall(r'\b(?:title|placeholder|aria-label|alt|data-ask|data-busy|content)="([^"]*)"', body)
    return html.unescape("\n".join([re.sub(r"<[^>]+>", "\n", body), *spoken]))


def chinese_left(text: str, data: set[str]) -> list[str]:
    """Lines with Chinese that is no value; a single character is one only where it stands alone (a unit)."""
    lines = {line.strip() for line in text.splitlines()} - data
    values = sorted((each for each in data if len(each) > 1), key=len, reverse=True)
    left = []
    for line in sorted(lines):
        rest = line
        for each in (*values, *PROPER):
            rest = rest.replace(each, "")
        if CHINESE.search(rest):
            left.append(line)
    return left


def links(page: str) -> set[str]:
    found = re.findall(r'(?:href|hx-get)="(/[^"#]*)', page)
    return {html.unescape(each) for each in found}


def test_no_page_says_anything_in_chinese(scene: Service) -> None:
    data = said_by_data(scene)
    client = scene.browser("boss")
    client.cookies.set(LANGUAGE_COOKIE, "en")
    waiting, seen, wrong = {"/", "/search?q=2024", "/notices", "/phone", "/drafts/progress?number=BL1"}, set(), {}
    kinds: dict[str, int] = {}
    while waiting:
        address = waiting.pop()
        kind = re.sub(r"[0-9a-f]{32}|[0-9a-f-]{36}|BL[\d-]+|\d+|\?.*", "#", address)
        seen.add(address)
        kinds[kind] = kinds.get(kind, 0) + 1
        if NOT_WALKED.search(address) or kinds[kind] > 14:
            continue
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        if left := chinese_left(visible(answer.text), data):
            wrong[address] = left
        waiting |= links(answer.text) - seen
    assert len(seen) > 60
    assert wrong == {}


def test_the_packet_is_english_around_what_the_bureau_and_the_seller_are_told(scene: Service) -> None:
    with scene.session() as session:
        number = session.query(DraftRow.application_number).order_by(DraftRow.id).first()[0]
    packet = scene.program("acc").get(f"/api/v1/drafts/{number}/packet.json", headers={"Accept-Language": "en"}).json()
    head, ask = packet["text"].split("【For the 12366 hotline (in Chinese, to read out)】")
    assert chinese_left(re.sub("[【】]", "", head), said_by_data(scene)) == []
    assert "我单位持有上述发票" in ask and "贵公司于" in ask


def test_refusals_are_told_in_english(scene: Service) -> None:
    client = scene.browser("acc")
    client.cookies.set(LANGUAGE_COOKIE, "en")
    data = said_by_data(scene)
    with scene.session() as session:
        number = session.query(DraftRow).filter_by(state="returned").one().application_number
    client.post(f"/drafts/{number}/edit", data={"field.seller_name": ""})
    gap = client.post(f"/drafts/{number}/submit")
    with scene.session() as session:
        first = session.query(ImportRow.id).order_by(ImportRow.id).first()[0]
        import_records(session, LEDGER.read_bytes(), "again.xlsx")
    taken_back = client.post(f"/records/imports/{first}/undo")
    wrong_step = client.post(f"/drafts/{number}/approve")
    empty = client.post("/drafts/batch", data={"step": "submit"})
    for answer in (gap, taken_back, wrong_step, empty):
        assert answer.status_code in (409, 422)
        assert chinese_left(visible(answer.text), data) == []
