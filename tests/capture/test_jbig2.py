"""JBIG2 pictures of an OFD that are no whole pictures."""

from __future__ import annotations

import pytest

from capture.limits import Limits
from capture.ofd.jbig2 import decode_jbig2

MAGIC = b"\x97JB2\r\n\x1a\n"


@pytest.mark.parametrize("rest", [b"", b"\x01", b"\x01\0\0\0\x01", b"\x01\0\0\0\x01\0\0\0\0\x30\0\x01"])
def test_a_picture_that_breaks_off_in_its_head_is_no_picture(rest: bytes) -> None:
    assert decode_jbig2(MAGIC + rest, Limits()) is None
