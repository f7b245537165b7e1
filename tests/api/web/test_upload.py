"""Bringing files in: one result per file, limits while streaming, names that are only names."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.gate.receiving import safe_name
from models.tables import AuditEvent, DocumentRow

PDF = Path("samples/finished/01-digital-ordinary.pdf")
XML = Path("samples/finished/03-digital-special.xml")


def test_several_files_each_get_their_result_and_wait_to_be_read(service) -> None:
    results = service.upload(service.browser("staff"), PDF, XML)
    assert [r["state"] for r in results] == ["queued", "queued"]
    with service.session() as session:
        rows = session.query(DocumentRow).order_by(DocumentRow.name).all()
        assert [(r.name, r.channel, r.channel_detail) for r in rows] == [
            (PDF.name, "web", "testclient"), (XML.name, "web", "testclient"),
        ]  # fmt: skip
        assert session.query(AuditEvent).filter_by(action="web:document:upload").count() == 2


def test_the_original_is_kept_byte_for_byte(service) -> None:
    client = service.browser("staff")
    (result,) = service.upload(client, PDF)
    answer = client.get(f"/documents/{result['document_id']}/original")
    assert answer.content == PDF.read_bytes()
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_page_that_pretends_to_be_a_picture_is_never_sent_as_a_page(service) -> None:
    client = service.browser("staff")
    (result,) = service.upload(client, ("发票.html", b"<script>alert(1)</script>"))
    answer = client.get(f"/documents/{result['document_id']}/original")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "html" not in answer.headers["content-disposition"].split("filename")[0]


def test_a_file_of_another_kind_is_kept_and_refused_in_words(service) -> None:
    client = service.browser("staff")
    (result,) = service.upload(client, ("合同.txt", "只是文字".encode()))
    assert result["error"]["code"] == "unsupported_type" and "PDF" in result["error"]["message"]
    assert client.get(f"/documents/{result['document_id']}/original").content == "只是文字".encode()


def test_the_same_file_again_is_recognised(service) -> None:
    client = service.browser("staff")
    (first,) = service.upload(client, PDF)
    (second,) = service.upload(client, PDF)
    assert second["state"] == "duplicate" and second["duplicate_of"] == first["document_id"]


def test_a_duplicate_of_somebody_elses_file_shows_nothing_of_theirs(service) -> None:
    service.upload(service.browser("acc"), ("工资条-保密.pdf", PDF.read_bytes()))
    client = service.browser("staff")
    (mine,) = service.upload(client, PDF)
    page = client.get(f"/documents/{mine['document_id']}")
    assert page.status_code == 200 and "保密" not in page.text


def test_one_file_over_the_limit_is_refused_and_the_others_go_on(make_service) -> None:
    service = make_service(max_file_bytes=100_000)
    results = service.upload(service.browser("staff"), ("big.pdf", b"%PDF-" + b"x" * 300_000), XML)
    assert results[0]["error"]["code"] == "too_large" and results[0]["document_id"] is None
    assert results[1]["state"] == "queued"
    assert list((service.settings.data / "incoming").iterdir()) == []


def test_a_request_without_end_is_cut_off_while_it_streams(make_service) -> None:
    service = make_service(max_file_bytes=50_000, max_unpacked_bytes=100_000)
    sent = 0

    def endless():
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n'
        for _ in range(1000):
            sent += 10_000
            yield b"x" * 10_000

    answer = service.browser("staff").post(
        "/upload",
        content=endless(),
        headers={"Content-Type": "multipart/form-data; boundary=b", "Accept": "application/json"},
    )
    assert answer.json()["error"]["code"] == "too_large"
    assert list((service.settings.data / "incoming").iterdir()) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not multipart",
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\nhalf a file',
    ],
)
def test_a_broken_upload_takes_nothing_in(service, body: bytes) -> None:
    answer = service.browser("staff").post(
        "/upload",
        content=body,
        headers={"Content-Type": "multipart/form-data; boundary=b", "Accept": "application/json"},
    )
    assert answer.status_code == 422 and answer.json()["error"]["code"] == "invalid_request"
    with service.session() as session:
        assert session.query(DocumentRow).count() == 0


def test_an_upload_without_a_file_says_so(service) -> None:
    answer = service.browser("staff").post(
        "/upload", files={"note": (None, "x")}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 422 and "没有选择文件" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\发票.pdf", "发票.pdf"),
        ("a\x00b\u202egpj.pdf", "abgpj.pdf"),
        ("", "unnamed"),
        ("x" * 500 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_name_is_only_for_display(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


def test_a_chinese_name_arrives_as_sent(service) -> None:
    service.upload(service.browser("staff"), ("餐费 发票（6月）.pdf", PDF.read_bytes()))
    with service.session() as session:
        assert session.query(DocumentRow).one().name == "餐费 发票（6月）.pdf"


def test_the_phone_is_told_apart_from_the_desk(service) -> None:
    service.upload(service.browser("staff"), PDF, channel="phone")
    service.upload(service.browser("staff"), XML, channel="rest")  # a form cannot pretend to be another system
    with service.session() as session:
        assert {r.name: r.channel for r in session.query(DocumentRow)} == {PDF.name: "phone", XML.name: "web"}


def test_without_scripts_the_form_shows_a_page(service) -> None:
    answer = service.browser("staff").post("/upload", files=[("files", (PDF.name, PDF.read_bytes()))])
    assert answer.headers["content-type"].startswith("text/html") and PDF.name in answer.text


def test_nobody_uploads_without_a_login(service) -> None:
    answer = service.anybody().post("/upload", files=[("files", (PDF.name, PDF.read_bytes()))])
    assert answer.status_code == 303
    with service.session() as session:
        assert session.query(DocumentRow).count() == 0


def test_the_phone_page_can_be_installed_and_work_offline(service) -> None:
    client = service.anybody()
    manifest = client.get("/manifest.webmanifest").json()
    assert manifest["start_url"] == "/phone"
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).status_code == 200
    worker = client.get("/service-worker.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.headers["cache-control"] == "no-cache"
