"""SM2 and SM3 against the standards' own examples, and against a library that is not ours."""

from __future__ import annotations

import gmalg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.authenticity import digests, sm2

# GB/T 32918.5-2017, annex A.2
PUBLIC = bytes.fromhex(
    "04"
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
MESSAGE = b"message digest"

SECRET, ANOTHER = gmalg.SM2().generate_keypair()


def test_the_example_of_the_standard() -> None:
    assert sm2.verify(PUBLIC, MESSAGE, R, S)
    assert sm2.identity_hash(sm2.decode_point(PUBLIC), sm2.DEFAULT_ID).hex().upper() == (
        "B2E14C5C79C6DF5B85F4FE7ED8DB7A262B9DA7E07CCB0EA9F4747B8CCDA8A4F3"
    )


@pytest.mark.parametrize(
    ("r", "s"),
    [(R, S + 1), (R + 1, S), (S, R), (0, S), (R, 0), (R + sm2.N, S), (R, S + sm2.N), (R, sm2.N - R), (-R, S)],
    ids=["s", "r", "swapped", "r zero", "s zero", "r beyond order", "s beyond order", "r + s = n", "r negative"],
)
def test_any_other_pair_is_no_signature(r: int, s: int) -> None:
    assert not sm2.verify(PUBLIC, MESSAGE, r, s)


def test_another_message_identity_or_key_is_not_what_was_signed() -> None:
    assert not sm2.verify(PUBLIC, MESSAGE + b".", R, S)
    assert not sm2.verify(PUBLIC, MESSAGE, R, S, identity=b"ALICE123@YAHOO.COM")
    assert not sm2.verify(ANOTHER, MESSAGE, R, S)


@pytest.mark.parametrize("key", [PUBLIC[:-1] + b"\x14", PUBLIC[1:], b"", b"\x04" + b"\xff" * 64, b"\x04" + bytes(64)])
def test_a_key_off_the_curve_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match=r"point|curve"):
        sm2.verify(key, MESSAGE, R, S)


@settings(max_examples=5)
@given(st.binary(max_size=200))
def test_agrees_with_another_library(message: bytes) -> None:
    r, s = gmalg.SM2(SECRET, sm2.DEFAULT_ID, ANOTHER).sign(message)
    numbers = int.from_bytes(r, "big"), int.from_bytes(s, "big")
    assert sm2.verify(ANOTHER, message, *numbers)
    assert not sm2.verify(ANOTHER, message + b"\0", *numbers)


@pytest.mark.parametrize(
    ("message", "expected"),  # GB/T 32905-2016, annex A
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_examples_of_the_standard(message: bytes, expected: str) -> None:
    for name in ("1.2.156.10197.1.401", "SM3"):
        chosen = digests.algorithm(name)
        assert chosen is not None
        assert digests.digest(chosen, [message[:1], message[1:]]).hex() == expected


@pytest.mark.parametrize("name", ["MD5", "1.2.840.113549.2.5", "", "no such digest"])
def test_what_proves_nothing_is_no_digest(name: str) -> None:
    assert digests.algorithm(name) is None
