"""CRC at the end of an invoice QR payload. A match shows that the text was decoded intact; a mismatch proves nothing.

Source: measured on public samples (domain §3): CRC-16, polynomial 0x8005, not reflected, start 0, over the text up to
and including the comma before the CRC; some issuers leave that comma out; railway tickets use CRC-16/MODBUS.
"""

from __future__ import annotations

import re
from enum import StrEnum


class CrcVariant(StrEnum):
    WITH_COMMA = "with_comma"
    WITHOUT_COMMA = "without_comma"
    MODBUS = "modbus"


_TAIL = re.compile(r"(?P<body>.*,)\s*(?P<crc>[0-9A-Fa-f]{4})\s*,?\s*", re.DOTALL)


def crc16(data: bytes) -> int:
    """CRC-16, polynomial 0x8005, start 0, not reflected."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = ((crc << 1) ^ 0x8005 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def crc16_modbus(data: bytes) -> int:
    """CRC-16/MODBUS: the same polynomial reflected, start 0xFFFF."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def printed_crc(payload: str) -> str | None:
    """The CRC field of a payload, None where it has none."""
    tail = _TAIL.fullmatch(payload)
    return tail["crc"] if tail and tail["body"].count(",") >= 6 else None


def variant(payload: str) -> CrcVariant | None:
    """Which way of computing gives the printed CRC; None where none does or there is no CRC."""
    printed = printed_crc(payload)
    tail = _TAIL.fullmatch(payload)
    if printed is None or tail is None or not payload.isascii():
        return None
    body, value = tail["body"].encode("ascii"), int(printed, 16)
    if crc16(body) == value:
        return CrcVariant.WITH_COMMA
    if crc16(body[:-1]) == value:
        return CrcVariant.WITHOUT_COMMA
    if value in (crc16_modbus(body), crc16_modbus(body[:-1])):
        return CrcVariant.MODBUS
    return None
