"""ASCII85 decoded in blocks gives what the standard library gives, and refuses what it refuses."""

from __future__ import annotations

import base64
import random

import pytest

from capture import ascii85

CONTENTS = [random.Random(size).randbytes(size) for size in (1, 2, 3, 4, 5, 6, 7, 1000, 4097)]


@pytest.mark.parametrize("content", [*CONTENTS, b"", bytes(20), b"\xff" * 9], ids=len)
def test_decodes_what_the_standard_library_encodes(content: bytes) -> None:
    assert ascii85.decode(base64.a85encode(content)) == content


def test_blanks_and_line_ends_are_no_part_of_it() -> None:
    content = random.Random(1).randbytes(300)
    assert ascii85.decode(base64.a85encode(content, wrapcol=60).replace(b"\n", b"\r\n \t")) == content


@pytest.mark.parametrize("packed", [b"z!", b"!!z!!", b"ABCvD", b's8W-"', b"uuuuu", b"AB~CD", b"\x80AAAA", b"A", b"zz"])
def test_odd_data_is_judged_by_the_standard_library(packed: bytes) -> None:
    try:
        expected: bytes | None = base64.a85decode(packed)
    except ValueError:
        expected = None
    if expected is None:
        with pytest.raises(ValueError):
            ascii85.decode(packed)
    else:
        assert ascii85.decode(packed) == expected
