"""The CRC of a QR payload."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.checks import qr_crc
from extraction.checks.qr_crc import CrcVariant

PAYLOAD = st.builds(
    "01,{},{},{:08d},{},{},{},".format,
    st.sampled_from(["01", "04", "10", "32"]),
    st.sampled_from(["4400184130", "044001900111", ""]),
    st.integers(1, 99_999_999),
    st.decimals(min_value=0, max_value=10**6, places=2),
    st.dates().map(lambda day: day.strftime("%Y%m%d")),
    st.sampled_from(["", "80151647620902022090"]),
)


def test_the_published_check_values() -> None:
    assert qr_crc.crc16(b"123456789") == 0xFEE8  # CRC-16/UMTS
    assert qr_crc.crc16_modbus(b"123456789") == 0x4B37


@pytest.mark.parametrize(
    ("payload", "variant"),
    [
        ("01,31,,26442000004359167806,1705400.00,20260421,,8EEF", CrcVariant.WITH_COMMA),
        ("01,10,031002200511,71683020,3.30,20230721,03677848839994463406,7CBE,", CrcVariant.WITHOUT_COMMA),
        ("01,51,,26339132621000219582,56.00,20260423,,219a", CrcVariant.MODBUS),
    ],
)
def test_each_way_of_computing_is_known(payload: str, variant: CrcVariant) -> None:
    assert qr_crc.variant(payload) is variant


@given(PAYLOAD, st.booleans())
def test_a_payload_with_its_crc_fits_and_a_changed_one_does_not(body: str, trailing_comma: bool) -> None:
    payload = f"{body}{qr_crc.crc16(body.encode()):04X}" + ("," if trailing_comma else "")
    assert qr_crc.variant(payload) is CrcVariant.WITH_COMMA
    changed = payload.replace("01,", "02,", 1)
    assert qr_crc.variant(changed) is not CrcVariant.WITH_COMMA


@pytest.mark.parametrize(
    "payload", ["", "QRCODE_GEN_ERROR", "01,10,044001900111,73998589,33.27,20191102,80151647620902022090"]
)
def test_text_without_a_crc_has_none(payload: str) -> None:
    assert qr_crc.printed_crc(payload) is None
    assert qr_crc.variant(payload) is None
