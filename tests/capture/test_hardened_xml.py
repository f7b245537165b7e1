"""Invoice XML that is not in the encoding it declares is opened; what is broken in every encoding is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from capture.cleanup import CleanupOptions
from capture.limits import Limits
from capture.opening import open_document
from extraction.xml_reader import XmlReader
from models.errors import DocumentError
from models.invoice import KEY_FIELDS

SAMPLE = (Path(__file__).parents[2] / "samples/finished/03-digital-special.xml").read_text(encoding="utf-8")
BODY = re.sub(r"^\s*<\?xml[^>]*\?>", "", SAMPLE)


def read(data: bytes) -> list[dict[str, str | None]]:
    document = open_document(data, "a.xml", limits=Limits(), cleanup=CleanupOptions())
    return [{name: reading.first(name) for name in KEY_FIELDS} for reading in XmlReader().read(document)]


@pytest.mark.parametrize("declared", ["", '<?xml version="1.0" encoding="UTF-8"?>', '<?xml version="1.0"?>'])
def test_gbk_that_does_not_say_so_is_read(declared: str) -> None:
    (found,) = read((declared + BODY).encode("gb18030"))
    assert [found] == read(SAMPLE.encode())
    assert found["seller_name"]


def test_what_is_broken_in_every_encoding_is_refused() -> None:
    with pytest.raises(DocumentError, match="XML") as refused:
        read(BODY[:-8].encode("gb18030"))
    assert refused.value.code == "xml_damaged"


def test_entities_are_refused_in_gbk_as_well() -> None:
    with pytest.raises(DocumentError) as refused:
        read(('<!DOCTYPE x [<!ENTITY a "甲">]>' + BODY).encode("gb18030"))
    assert refused.value.code == "xml_forbidden"
