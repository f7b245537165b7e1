"""Valid codes for invented invoices: areas, tax ids with both check digits, invoice codes and numbers, QR payload.

Never looks a code up anywhere: every number is drawn from the seed.
Source: GB 32100 and GB 11714 (tax ids), the code and number structure and the QR payload of the domain reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from models.kinds import KINDS, InvoiceKind

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I O S V Z
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_CRC_16_POLY = 0x8005


@dataclass(frozen=True, slots=True)
class Area:
    """A tax area. `code` stands in old invoice codes, `digital` in 20-digit numbers, `district` in tax ids."""

    code: str
    name: str  #: as printed in titles
    digital: str
    district: str
    city: str
    bureau: str  #: second line of the 监制章
    dialling: str


AREAS: tuple[Area, ...] = (
    Area("1100", "北京", "11", "110108", "北京", "北京市税务局", "010"),
    Area("1200", "天津", "12", "120222", "天津", "天津市税务局", "022"),
    Area("1300", "河北", "13", "130102", "石家庄", "河北省税务局", "0311"),
    Area("2102", "大连", "91", "210202", "大连", "大连市税务局", "0411"),
    Area("3100", "上海", "31", "310115", "上海", "上海市税务局", "021"),
    Area("3200", "江苏", "32", "320594", "苏州", "江苏省税务局", "0512"),
    Area("3300", "浙江", "33", "330108", "杭州", "浙江省税务局", "0571"),
    Area("3400", "安徽", "34", "340104", "合肥", "安徽省税务局", "0551"),
    Area("3502", "厦门", "94", "350203", "厦门", "厦门市税务局", "0592"),
    Area("3702", "青岛", "92", "370212", "青岛", "青岛市税务局", "0532"),
    Area("4200", "湖北", "42", "420106", "武汉", "湖北省税务局", "027"),
    Area("4300", "湖南", "43", "430104", "长沙", "湖南省税务局", "0731"),
    Area("4400", "广东", "44", "440106", "广州", "广东省税务局", "020"),
    Area("4403", "深圳", "95", "440305", "深圳", "深圳市税务局", "0755"),
    Area("4500", "广西", "45", "450103", "南宁", "广西壮族自治区税务局", "0771"),
    Area("5000", "重庆", "50", "500112", "重庆", "重庆市税务局", "023"),
    Area("5100", "四川", "51", "510107", "成都", "四川省税务局", "028"),
    Area("6100", "陕西", "61", "610113", "西安", "陕西省税务局", "029"),
)

_KIND_PART = {
    InvoiceKind.ORDINARY_E: "11",
    InvoiceKind.TOLL_E: "12",
    InvoiceKind.SPECIAL_E: "13",
    InvoiceKind.ORDINARY_ROLL: "07",
    InvoiceKind.USED_VEHICLE: "17",
    InvoiceKind.DIGITAL_PAPER_USED_VEHICLE: "17",
}


def digits(rng: Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def org_check(body: str) -> str:
    """GB 11714 check character of the eight of an organisation code."""
    rest = 11 - sum(int(c, 36) * w for c, w in zip(body, _ORG_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def uscc_check(body: str) -> str:
    """GB 32100 check character of the first seventeen."""
    total = sum(_ALPHABET.index(c) * w for c, w in zip(body, _WEIGHTS, strict=True))
    return _ALPHABET[(31 - total % 31) % 31]


def new_uscc(rng: Random, area: Area) -> str:
    """A unified social credit code whose organisation part is valid too, old style (digits) or new (MA…)."""
    body = digits(rng, 8) if rng.random() < 0.4 else "MA" + "".join(rng.choice(_ALPHABET) for _ in range(6))
    whole = f"91{area.district}{body}{org_check(body)}"
    return whole + uscc_check(whole)


def new_invoice_code(rng: Random, kind: InvoiceKind, area: Area, issued: date) -> str | None:
    """Code valid for kind, area and year; None for the kinds that have none."""
    if KINDS[kind].number == "20":
        return None
    year = f"{issued.year % 100:02d}"
    if kind is InvoiceKind.SPECIAL_PAPER:
        return f"{area.code}{year}{rng.randint(1, 3)}130"
    if kind is InvoiceKind.ORDINARY_PAPER:
        if rng.random() < 0.4:
            return f"{area.code}{year}{rng.randint(1, 3)}320"
        return f"0{area.code}{year}{rng.randint(0, 3):03d}{rng.choice(('04', '05'))}"
    if kind in (InvoiceKind.DIGITAL_PAPER_SPECIAL, InvoiceKind.DIGITAL_PAPER_ORDINARY):
        return f"{area.code}{year}{rng.randint(1, 3)}{'1' if kind is InvoiceKind.DIGITAL_PAPER_SPECIAL else '3'}50"
    if kind is InvoiceKind.FREIGHT_OLD:
        return f"{area.code}{year}{rng.randint(1, 3)}730"
    if kind in (InvoiceKind.MOTOR_VEHICLE, InvoiceKind.DIGITAL_PAPER_VEHICLE):
        return f"1{area.code}{year}2{digits(rng, 4)}"
    if kind is InvoiceKind.BLOCKCHAIN_SZ:
        return f"14403{year}09110"
    if kind not in _KIND_PART:  # local papers: 1 or 2 for the bureau that issued it, 8th digit the trade, 2 is vehicles
        return f"{rng.choice('12')}{area.code}{year}{rng.choice('013456789')}{digits(rng, 4)}"
    return f"0{area.code}{year}{rng.randint(0, 7):03d}{_KIND_PART[kind]}"


def new_number(rng: Random, kind: InvoiceKind, area: Area, issued: date) -> str:
    """The number printed as 发票号码: of 8 digits, or of 20 where the kind has no code."""
    if KINDS[kind].number != "20":
        return f"{rng.randint(1, 99_999_999):08d}"
    channel = {InvoiceKind.RAIL_E: "9", InvoiceKind.AIR_E: "8"}.get(kind) or rng.choice("2777")
    return new_digital_number(rng, area, issued, channel)


def new_digital_number(rng: Random, area: Area, issued: date, channel: str = "2") -> str:
    """20 digits; 数电纸质 invoices carry one beside their code and number."""
    return f"{issued.year % 100:02d}{area.digital}{channel}{rng.randint(100_000, 999_999_999):015d}"


def blockchain_address(number: str, digest: str, gross: str) -> str:
    """The QR of a Shenzhen blockchain invoice: an address, the amount in fen."""
    fen = gross.replace(".", "")
    return f"https://bcfp.shenzhen.chinatax.gov.cn/verify/scan?hash={digest}&bill_num={number}&total_amount={fen}"


def new_cipher(rng: Random) -> tuple[str, str, str, str]:
    """密码区: four rows of 28."""
    rows = ["".join(rng.choice("0123456789012345678901234567890+-*/<>+-*/<>") for _ in range(28)) for _ in range(4)]
    return rows[0], rows[1], rows[2], rows[3]


def crc16(text: str) -> str:
    """CRC-16, polynomial 0x8005, start 0, not reflected, no final xor: four upper-case hex digits."""
    crc = 0
    for byte in text.encode("ascii"):
        crc ^= byte << 8
        for _ in range(8):
            crc = ((crc << 1) ^ _CRC_16_POLY if crc & 0x8000 else crc << 1) & 0xFFFF
    return f"{crc:04X}"


def crc16_modbus(text: str) -> str:
    """CRC-16/MODBUS in lower case, as rail tickets carry it."""
    crc = 0xFFFF
    for byte in text.encode("ascii"):
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return f"{crc:04x}"


def qr_payload(
    kind: InvoiceKind, code: str | None, number: str, *, amount: str, issued: date, check_code: str | None
) -> str:
    """The face's QR text. Old kinds end with a comma, digital ones do not."""
    facts = KINDS[kind]
    head = f"01,{facts.qr_code},{code or ''},{number},{amount},{issued:%Y%m%d},{check_code or ''},"
    if kind is InvoiceKind.RAIL_E:
        return head + crc16_modbus(head)
    return head + crc16(head) + ("," if code else "")
