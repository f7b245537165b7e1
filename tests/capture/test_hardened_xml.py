"""Invoice XML that is not in the encoding it declares is opened; what is broken in every encoding is refused."""

from __future__ import annotations

import pytest

from capture.cleanup import CleanupOptions
from capture.limits import Limits
from capture.opening import open_document
from extraction.xml_reader import XmlReader
from models.errors import DocumentError

BODY = "<EInvoice><Header><EIid>25997000000123456789</EIid></Header><SellerName>测试镇某某商行</SellerName></EInvoice>"


def read(data: bytes) -> list[str | None]:
    document = open_document(data, "a.xml", limits=Limits(), cleanup=CleanupOptions())
    return [reading.first("invoice_number") for reading in XmlReader().read(document)]


@pytest.mark.parametrize("declared", ["", '<?xml version="1.0" encoding="UTF-8"?>', '<?xml version="1.0"?>'])
def test_gbk_that_does_not_say_so_is_read(declared: str) -> None:
    assert read((declared + BODY).encode("gb18030")) == ["25997000000123456789"]


def test_what_is_broken_in_every_encoding_is_refused() -> None:
    with pytest.raises(DocumentError, match="XML") as refused:
        read(BODY[:-8].encode("gb18030"))
    assert refused.value.code == "xml_damaged"


def test_entities_are_refused_in_gbk_as_well() -> None:
    with pytest.raises(DocumentError) as refused:
        read(('<!DOCTYPE x [<!ENTITY a "甲">]>' + BODY).encode("gb18030"))
    assert refused.value.code == "xml_forbidden"
