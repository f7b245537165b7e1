"""Invented ledgers and captured invoices with known truth: what is in the ledger, and if not, why not.

Seeded. Sellers and amounts repeat as they do in life: few sellers issue most invoices, round amounts recur, numbers
of one seller run in sequence. A case is a document, the records that exist because of it, and what must be said of it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from models.kinds import InvoiceKind
from models.matching import CauseCode, MatchStatus

US = ("91310000MA1K4QWE5X", "上海青禾贸易有限公司")
SISTER = ("91310115MA1H7RTY8B", "上海青禾物流有限公司")  #: ours, but its account was never imported
TODAY = date(2025, 12, 10)
#: format, first and last day, day of import; June 2025 was never imported, of 2024 only 抵扣勾选
IMPORTS = (
    ("bureau_deduction", date(2024, 7, 1), date(2024, 12, 31), date(2025, 1, 20)),
    ("bureau_basic", date(2025, 1, 1), date(2025, 5, 31), date(2025, 6, 8)),
    ("bureau_basic", date(2025, 7, 1), date(2025, 12, 8), date(2025, 12, 8)),
    ("erp", date(2025, 1, 1), date(2025, 5, 31), date(2025, 6, 9)),
)
ERP_IMPORT = 4
ROUND = (5000, 10000, 20000, 30000, 50000, 100000, 200000)
Fields = dict[str, str | None]


@dataclass(slots=True, kw_only=True)
class Case:
    """`record` is the place of the true record among `records`; None where the ledger has none."""

    kind: str
    invoice: dict[str, Any]
    records: list[dict[str, Any]] = field(default_factory=list)
    record: int | None = None
    status: frozenset[MatchStatus]
    cause: CauseCode | None = None
    earlier: bool = False  #: the same invoice was captured before
    failed: tuple[str, ...] = ()
    invoice_kind: InvoiceKind = InvoiceKind.DIGITAL_ORDINARY
    remarks: str | None = None


class Inventor:
    """Draws invoices as a company gets them."""

    def __init__(self, seed: int, sellers: int = 5000) -> None:
        self.rng = random.Random(seed)
        self.sellers = sellers
        self.used: set[str] = set()

    def day(self) -> date:
        """A covered day, long enough ago to be synchronised."""
        while True:
            day = date(2025, 1, 1) + timedelta(days=self.rng.randrange(330))
            if day.month != 6:
                return day

    def number(self, day: date) -> str:
        while True:
            area = self.rng.choice(("11", "31", "32", "33", "44", "51"))
            number = f"{day:%y}{area}{self.rng.choice('27')}{self.rng.randrange(4 * 10**8):015d}"
            if number not in self.used and not number.endswith("00000"):
                self.used.add(number)
                return number

    def paper(self, day: date) -> tuple[str, str]:
        while True:
            code = f"{self.rng.choice(('1100', '3100', '3200', '4400'))}{day:%y}{self.rng.randrange(1, 5)}130"
            number = f"{self.rng.randrange(1, 10**8):08d}"
            if code + number not in self.used:
                self.used.add(code + number)
                return code, number

    def invoice(self, *, day: date | None = None, paper: bool = False) -> dict[str, Any]:
        rng = self.rng
        day = day or self.day()
        code, number = self.paper(day) if paper else (None, self.number(day))
        seller = int(self.sellers * rng.random() ** 3)  # the largest issues one in seventeen
        gross = rng.choice(ROUND) if rng.random() < 0.3 else rng.randrange(500, 3_000_000)
        net = round(gross / (1 + rng.choice((0.01, 0.06, 0.13))))
        return {
            "invoice_code": code, "invoice_number": number, "issue_date": day,
            "seller_name": f"苏州云杉第{seller}商贸有限公司", "seller_tax_id": f"91320500MA{seller:08d}",
            "buyer_name": US[1], "buyer_tax_id": US[0],
            "total_excl_fen": net, "total_tax_fen": gross - net, "total_incl_fen": gross,
        }  # fmt: skip

    def slip(self, number: str) -> str:
        at = self.rng.randrange(5 if len(number) == 20 else 0, len(number))
        return number[:at] + self.rng.choice([d for d in "0123456789" if d != number[at]]) + number[at + 1 :]


def stored(invoice: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The record of an invoice, as import would have stored it."""
    number = invoice["invoice_number"]
    digital = number if number and len(number) == 20 else None
    code = invoice["invoice_code"]
    covering = [n for n, (form, first, last, _) in enumerate(IMPORTS, 1)
                if form != "erp" and first <= invoice["issue_date"] <= last]  # fmt: skip
    row = invoice | {
        "identity_key": digital or f"{code}-{number}", "digital_invoice_number": digital,
        "invoice_number": None if digital else number, "number_tail": number[-8:],
        "kind": "digital_ordinary" if digital else "special_paper", "state": "normal", "direction": "input",
        "damaged": {}, "origin": "import", "import_id": covering[0] if covering else 3, "remarks": None,
    }  # fmt: skip
    return row | changes


def _present(inventor: Inventor, kind: str, *statuses: MatchStatus, paper: bool = False, **changes: Any) -> Case:
    invoice = inventor.invoice(paper=paper)
    of = InvoiceKind.SPECIAL_PAPER if paper else InvoiceKind.DIGITAL_ORDINARY
    return Case(kind=kind, invoice=invoice, records=[stored(invoice, **changes)], record=0,
                status=frozenset(statuses), invoice_kind=of)  # fmt: skip


def _absent(kind: str, invoice: dict[str, Any], cause: CauseCode, **more: Any) -> Case:
    return Case(kind=kind, invoice=invoice, status=frozenset({MatchStatus.ABSENT}), cause=cause, **more)


def exact(i: Inventor) -> Case:
    return _present(i, "exact", MatchStatus.MATCHED, paper=i.rng.random() < 0.2)


def record_typo(i: Inventor) -> Case:
    """A person mistyped the number into the ERP."""
    case = _present(i, "record_typo", MatchStatus.PROBABLE, paper=i.rng.random() < 0.3)
    wrong = i.slip(case.invoice["invoice_number"])
    case.records = [stored(case.invoice | {"invoice_number": wrong}, import_id=ERP_IMPORT)]
    case.cause = CauseCode.MISREAD_OR_MISTYPED
    return case


def record_swapped(i: Inventor) -> Case:
    """Import calls both cells damaged: each has the other's length."""
    case = _present(i, "record_swapped", MatchStatus.PROBABLE, paper=True)
    code, number = case.invoice["invoice_code"], case.invoice["invoice_number"]
    broken = {"invoice_code": f"wrong_length:{number}", "invoice_number": f"wrong_length:{code}"}
    case.records = [_damaged(case.invoice, broken, import_id=ERP_IMPORT)]
    case.cause = CauseCode.CODE_NUMBER_SWAPPED
    return case


def _damaged(invoice: dict[str, Any], cells: dict[str, str], **changes: Any) -> dict[str, Any]:
    blank = {"identity_key": None, "number_tail": None, "invoice_number": None, "digital_invoice_number": None}
    row = stored(invoice, damaged=cells, **changes) | blank
    return row | {"invoice_code": None} if "invoice_code" in cells else row


def record_truncated(i: Inventor) -> Case:
    case = _present(i, "record_truncated", MatchStatus.PROBABLE)
    cells = {"invoice_number": f"truncated_to_8:{case.invoice['invoice_number'][-8:]}"}
    case.records = [_damaged(case.invoice, cells, import_id=ERP_IMPORT)]
    case.cause = CauseCode.NUMBER_TRUNCATED
    return case


def excel_damage(i: Inventor) -> Case:
    case = _present(i, "excel_damage", MatchStatus.PROBABLE)
    number = case.invoice["invoice_number"]
    shown = i.rng.choice((f"scientific_notation:{float(number):.4E}", f"rounded_to_15_digits:{number[:15]}00000"))
    case.records = [_damaged(case.invoice, {"digital_invoice_number": shown}, import_id=ERP_IMPORT)]
    case.cause = CauseCode.SPREADSHEET_DAMAGE
    return case


def missing(i: Inventor) -> Case:
    return _absent("missing", i.invoice(), CauseCode.NEVER_RECORDED)


def void(i: Inventor) -> Case:
    case = _present(i, "void", MatchStatus.VOID, paper=True, state="void", state_label="作废")
    case.cause = CauseCode.VOIDED
    return case


def _red_of(i: Inventor, blue: dict[str, Any], share: float) -> dict[str, Any]:
    gross = -round(blue["total_incl_fen"] * share)
    net = -round(blue["total_excl_fen"] * share)
    day = blue["issue_date"] + timedelta(days=i.rng.randrange(1, 5))
    red = blue | {"invoice_number": i.number(day), "issue_date": day, "total_incl_fen": gross,
                  "total_excl_fen": net, "total_tax_fen": gross - net}  # fmt: skip
    return stored(
        red, remarks=f"被红冲蓝字数电发票号码：{blue['invoice_number']} 红字发票信息确认单编号：{i.number(day)}"
    )


def red_full(i: Inventor) -> Case:
    case = _present(i, "red_full", MatchStatus.RED_FLUSHED, state="red_full", state_label="已红冲-全额")
    case.records.append(_red_of(i, case.invoice, 1))
    case.cause = CauseCode.RED_FLUSHED
    return case


def red_part(i: Inventor) -> Case:
    case = _present(i, "red_part", MatchStatus.RED_FLUSHED, state="red_partial", state_label="已红冲-部分")
    case.records.append(_red_of(i, case.invoice, 0.4))
    case.cause = CauseCode.RED_FLUSHED
    return case


def duplicate(i: Inventor) -> Case:
    case = _present(i, "duplicate", MatchStatus.DUPLICATE)
    case.earlier, case.cause = True, CauseCode.DUPLICATE
    return case


def wrong_buyer_id(i: Inventor) -> Case:
    invoice = i.invoice() | {"buyer_tax_id": f"91310000MA9{i.rng.randrange(10**7):07d}"}
    return _absent("wrong_buyer_id", invoice, CauseCode.OTHER_ENTITY)


def not_ours(i: Inventor) -> Case:
    n = i.rng.randrange(10**6)
    buyer = {"buyer_tax_id": f"91440300MA{n:08d}", "buyer_name": f"深圳木棉{n}有限公司"}
    case = _absent("not_ours", i.invoice() | buyer, CauseCode.OTHER_ENTITY)
    case.status = frozenset({MatchStatus.NOT_OURS})
    return case


def on_behalf(i: Inventor) -> Case:
    """The record bears the company in the remarks, the paper the tax office."""
    case = _present(i, "on_behalf", MatchStatus.MATCHED)
    true = case.invoice
    case.remarks = f"代开企业税号:{true['seller_tax_id']} 代开企业名称:{true['seller_name']}"
    case.invoice = true | {"seller_name": "国家税务总局苏州工业园区税务局", "seller_tax_id": "11320500014150000X"}
    return case


def period_gap(i: Inventor) -> Case:
    invoice = i.invoice(day=date(2025, 6, i.rng.randrange(5, 27)))
    return _absent("period_gap", invoice, CauseCode.PERIOD_NOT_IMPORTED)


def kind_gap(i: Inventor) -> Case:
    invoice = i.invoice(day=date(2024, 7, 1) + timedelta(days=i.rng.randrange(180)))
    return _absent("kind_gap", invoice, CauseCode.KIND_NOT_IN_FEED)


def local_paper(i: Inventor) -> Case:
    """A taxi receipt: no buyer, no tax account lists it."""
    invoice = i.invoice() | {"invoice_code": f"1310025{i.rng.randrange(10**5):05d}",
                             "invoice_number": f"{i.rng.randrange(1, 10**8):08d}", "buyer_name": None,
                             "buyer_tax_id": None, "seller_name": None, "seller_tax_id": None}  # fmt: skip
    return _absent("local_paper", invoice, CauseCode.KIND_NOT_IN_FEED, invoice_kind=InvoiceKind.TAXI)


def delayed_sync(i: Inventor) -> Case:
    invoice = i.invoice(day=TODAY - timedelta(days=i.rng.randrange(2)))
    return _absent("delayed_sync", invoice, CauseCode.NOT_SYNCED_YET)


def neighbour(i: Inventor) -> Case:
    """Same seller, day and amount, the next number: one invoice is recorded, the one in hand is not."""
    invoice = i.invoice()
    number = str(int(invoice["invoice_number"]) + i.rng.randrange(1, 4))
    case = _absent("neighbour", invoice, CauseCode.NEVER_RECORDED)
    case.records = [stored(invoice | {"invoice_number": number})]
    return case


def neighbour_present(i: Inventor) -> Case:
    case = _present(i, "neighbour_present", MatchStatus.MATCHED)
    first = int(case.invoice["invoice_number"])
    case.records += [stored(case.invoice | {"invoice_number": str(first + n)}) for n in range(1, 4)]
    return case


def wrong_direction(i: Inventor) -> Case:
    invoice = i.invoice()
    sold = {"seller_name": US[1], "seller_tax_id": US[0], "buyer_name": invoice["seller_name"],
            "buyer_tax_id": invoice["seller_tax_id"]}  # fmt: skip
    return _absent("wrong_direction", invoice | sold, CauseCode.WRONG_DIRECTION)


def buyer_without_id(i: Inventor) -> Case:
    name = i.rng.choice((US[1], "王芳", "个人"))
    invoice = i.invoice() | {"buyer_tax_id": None, "buyer_name": name}
    return _absent("buyer_without_id", invoice, CauseCode.BUYER_ID_MISSING)


def red_in_hand(i: Inventor) -> Case:
    invoice = i.invoice()
    for name in ("total_incl_fen", "total_excl_fen", "total_tax_fen"):
        invoice[name] = -invoice[name]
    return _absent("red_in_hand", invoice, CauseCode.IS_RED)


def sister(i: Inventor) -> Case:
    invoice = i.invoice() | {"buyer_tax_id": SISTER[0], "buyer_name": SISTER[1]}
    return _absent("sister", invoice, CauseCode.NO_ACCESS)


def altered(i: Inventor) -> Case:
    return _absent("altered", i.invoice(), CauseCode.SUSPICIOUS, failed=("qr_amount", "words"))


KINDS: dict[Callable[[Inventor], Case], int] = {  #: with how often they are drawn
    exact: 30, record_typo: 5, record_swapped: 3, record_truncated: 3, excel_damage: 5, missing: 10, void: 3,
    red_full: 3, red_part: 3, duplicate: 3, wrong_buyer_id: 3, not_ours: 3, on_behalf: 3, period_gap: 4, kind_gap: 3,
    local_paper: 2, delayed_sync: 4, neighbour: 4, neighbour_present: 4, wrong_direction: 2, buyer_without_id: 2,
    red_in_hand: 2, sister: 2, altered: 2,
}  # fmt: skip


def draw(seed: int, count: int) -> Iterator[Case]:
    inventor = Inventor(seed)
    kinds = list(KINDS)
    for kind in inventor.rng.choices(kinds, [KINDS[k] for k in kinds], k=count):
        yield kind(inventor)


def background(seed: int, count: int, taken: set[str]) -> Iterator[dict[str, Any]]:
    """Records that no case speaks of, drawn from the same sellers and amounts."""
    inventor = Inventor(seed)
    inventor.used |= taken
    for n in range(count):
        yield stored(inventor.invoice(paper=n % 7 == 0))
