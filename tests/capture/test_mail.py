"""A saved mail is opened like an archive: its attachments are the documents, whatever its sender called them."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from capture.archive import members
from capture.limits import Limits
from capture.opening import open_document
from capture.sniffing import Format, sniff
from models.errors import DocumentError
from tests.capture import files
from tests.capture.test_pdf_seen import PLAIN

PDF = files.pdf()


def mail(**attached: bytes) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.example", "c@d.example", "发票"
    message.set_content("发票见附件。")
    for name, data in attached.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name.replace("_", "."))
    return message


def names(message: EmailMessage | bytes, limits: Limits | None = None) -> list[str]:
    data = message if isinstance(message, bytes) else message.as_bytes()
    return [member.name for member in members(data, "a.eml", limits or Limits())]


def test_a_mail_is_told_by_its_headers() -> None:
    data = mail(a_pdf=PDF).as_bytes()
    assert sniff(data).format is Format.MAIL
    assert sniff(b"\r\n" + data).format is Format.MAIL
    assert sniff(b"Subject: notes\n\nFrom: nobody").format is Format.OTHER
    assert sniff("日期: 2026\n".encode()).format is Format.OTHER


def test_attachments_are_its_documents() -> None:
    found = members(mail(a_pdf=PDF, b_xml=b"<a/>").as_bytes(), "a.eml", Limits())
    assert [(m.name, m.data) for m in found] == [("a.pdf", PDF), ("b.xml", b"<a/>")]


def test_names_in_every_spelling() -> None:
    encoded = mail(发票_pdf=PDF).as_bytes()
    assert names(encoded) == ["发票.pdf"]
    plain = mail(XXXX_pdf=PDF).as_bytes()
    assert names(plain.replace(b"XXXX", "发票".encode("gbk"))) == ["发票.pdf"]
    assert names(plain.replace(b'"XXXX.pdf"', b'"=?gb2312?B?t6LGsS5wZGY=?="')) == ["发票.pdf"]


def test_a_zip_in_a_mail_is_opened() -> None:
    assert names(mail(a_zip=files.archive({"x.pdf": PDF, "y.ofd": b"z"}))) == ["a.zip/x.pdf", "a.zip/y.ofd"]


def test_a_zip_that_does_not_open_is_handed_on_beside_the_rest() -> None:
    assert names(mail(a_zip=files.archive({"x": PDF})[:-30], b_pdf=PDF)) == ["a.zip", "b.pdf"]


def test_attachments_of_a_forwarded_mail() -> None:
    outer = mail()
    outer.add_attachment(mail(a_pdf=PDF))
    assert names(outer) == ["a.pdf"]


def test_what_dresses_a_mail_is_no_document() -> None:
    message = mail(a_pdf=PDF)
    message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="invite.ics")
    message.add_attachment(files.encoded(".png")[:900], maintype="image", subtype="png", cid="<logo>")
    photo = files.encoded(".bmp")
    message.add_attachment(photo, maintype="image", subtype="bmp", cid="<photo>", filename="photo.bmp")
    assert names(message) == ["a.pdf", "photo.bmp"]


def test_a_mail_without_files_says_so() -> None:
    with pytest.raises(DocumentError) as caught:
        names(mail())
    assert caught.value.code == "mail_without_files"


@pytest.mark.parametrize(
    ("limits", "code"),
    [(Limits(max_members=2), "too_many_members"), (Limits(max_unpacked_bytes=3), "unpacked_too_large")],
)
def test_a_mail_is_bounded_as_an_archive_is(limits: Limits, code: str) -> None:
    with pytest.raises(DocumentError) as caught:
        names(mail(a_txt=b"1", b_txt=b"2", c_txt=b"3", d_txt=b"4"), limits)
    assert caught.value.code == code


def test_a_flood_of_separators_is_refused_before_it_is_parsed() -> None:
    head = b"From: a\nTo: b\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    with pytest.raises(DocumentError) as caught:
        names(head + b"--b\n\n" * 100_000)
    assert caught.value.code == "too_many_members"


def test_a_mail_is_not_opened_as_a_document() -> None:
    with pytest.raises(DocumentError) as caught:
        open_document(mail(a_pdf=PDF).as_bytes(), "a.eml", limits=Limits(), cleanup=PLAIN)
    assert caught.value.code == "archive_nested"
