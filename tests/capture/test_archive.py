"""Files of a ZIP with the names their sender gave them."""

from __future__ import annotations

import io
import zipfile

from capture.archive import members
from capture.limits import Limits
from tests.capture import files


def names(data: bytes) -> list[str]:
    return [member.name for member in members(data, "a.zip", Limits())]


def with_raw_name(raw: bytes) -> bytes:
    """As archivers on Chinese Windows write it: GBK bytes and no mark that says so."""
    placeholder = b"x" * len(raw)
    return files.archive({placeholder.decode(): b"data"}).replace(placeholder, raw)


def test_gbk_names() -> None:
    assert names(with_raw_name("发票/三月.pdf".encode("gbk"))) == ["发票/三月.pdf"]


def test_utf8_names_with_and_without_the_mark() -> None:
    assert names(files.archive({"发票.pdf": b"x"})) == ["发票.pdf"]
    assert names(with_raw_name("发票.pdf".encode())) == ["发票.pdf"]


def test_folders_links_and_clutter_are_not_documents() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.mkdir("d")
        packed.writestr("d/a.pdf", b"x")
        packed.writestr("__MACOSX/d/._a.pdf", b"x")
        packed.writestr("Thumbs.db", b"x")
        link = zipfile.ZipInfo("link.pdf")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
    assert names(buffer.getvalue()) == ["d/a.pdf"]


def test_content_comes_back() -> None:
    data = files.pdf()
    (member,) = members(files.archive({"a.pdf": data}), "a.zip", Limits())
    assert member.data == data
