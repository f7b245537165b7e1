"""Every check that applies to one invoice, in a fixed order. A failure is a warning with evidence, never a repair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from extraction.checks import arithmetic, codes, rates, uscc, words
from extraction.qr_payload import QrPayload
from models.invoice import Check, Line
from models.kinds import KINDS, InvoiceKind
from models.money import CENT, format_money, parse_money

Values = Mapping[str, str | None]

#: kinds whose rows are tax-inclusive, absent, or mean other things
_NO_LINE_ARITHMETIC = frozenset(
    {
        InvoiceKind.ORDINARY_ROLL, InvoiceKind.RAIL_E, InvoiceKind.AIR_E, InvoiceKind.TRAIN_PAPER, InvoiceKind.TAXI,
        InvoiceKind.TOLL_PAPER, InvoiceKind.QUOTA, InvoiceKind.MACHINE, InvoiceKind.BUS, InvoiceKind.SHIP,
        InvoiceKind.OTHER,
    }
)  # fmt: skip
_COLUMNS_MEAN_OTHER_THINGS = frozenset({InvoiceKind.TOLL_E})
_AIR_PARTS = ("fare", "fuel_surcharge", "total_tax", "civil_aviation_fund", "other_taxes")


def run_checks(kind: InvoiceKind, values: Values, lines: tuple[Line, ...], qr: QrPayload | None) -> tuple[Check, ...]:
    """All applicable checks. Rules without their inputs leave no check."""
    found: list[Check | None] = [
        *_totals(kind, values),
        *_lines(kind, values, lines),
        _uscc("uscc_buyer", "buyer_tax_id", values),
        _uscc("uscc_seller", "seller_tax_id", values),
        _code_kind(kind, values),
        _code_area_year(values),
        _number_year(values),
        _rates(values, lines),
        *(_qr(kind, values, qr) if qr else ()),
    ]
    return tuple(check for check in found if check is not None)


def _totals(kind: InvoiceKind, values: Values) -> Iterator[Check | None]:
    if kind is InvoiceKind.AIR_E:
        yield _air(values)
    else:
        yield arithmetic.total(values.get("total_excl_tax"), values.get("total_tax"), values.get("total_incl_tax"))
    yield _words(values)


def _words(values: Values) -> Check | None:
    printed, gross = values.get("total_in_words"), parse_money(values.get("total_incl_tax"))
    if not printed or gross is None:
        return None
    value = words.parse(printed)
    fields = ("total_in_words", "total_incl_tax")
    if value is None:
        return Check(rule="words", passed=False, detail=f"不是规范的大写金额：{printed}", fields=fields)
    detail = f"{printed} = {format_money(value)}" + ("" if value == gross else f" ≠ {format_money(gross)}")
    return Check(rule="words", passed=value == gross, detail=detail, fields=fields)


def _air(values: Values) -> Check | None:
    parts = {name: parse_money(values.get(name)) for name in _AIR_PARTS}
    gross = parse_money(values.get("total_incl_tax"))
    if gross is None or parts["fare"] is None or parts["total_tax"] is None:
        return None
    present = [part for part in parts.values() if part is not None]
    passed = abs(sum(present) - gross) <= CENT
    detail = f"{' + '.join(map(str, present))} {'=' if passed else '≠'} {gross}"
    return Check(rule="sum", passed=passed, detail=detail, fields=(*_AIR_PARTS, "total_incl_tax"))


def _lines(kind: InvoiceKind, values: Values, lines: tuple[Line, ...]) -> Iterator[Check | None]:
    if kind in _NO_LINE_ARITHMETIC:
        return
    amounts, taxes = [line.amount_excl_tax for line in lines], [line.tax_amount for line in lines]
    yield arithmetic.column("lines_amount", amounts, values.get("total_excl_tax"), "total_excl_tax")
    if values.get("total_tax") != arithmetic.ASTERISKS:
        yield arithmetic.column("lines_tax", taxes, values.get("total_tax"), "total_tax")
    if kind not in _COLUMNS_MEAN_OTHER_THINGS:
        yield arithmetic.line_price(lines)
    yield arithmetic.line_tax(lines)
    yield arithmetic.rated_total(lines, values.get("total_tax"))


def _uscc(rule: str, field: str, values: Values) -> Check | None:
    code = values.get(field)
    if not code:
        return None
    if len(code) != 18:
        return Check(
            rule=rule,
            passed=None,
            detail=f"{code}：{len(code)} 位，旧税号或个人证件号",
            fields=(field,),
        )
    if uscc.valid(code):
        return Check(rule=rule, passed=True, detail=code, fields=(field,))
    candidates = uscc.repair(code)
    detail = f"{code}：校验位不符" + (f"；可能是 {' 或 '.join(candidates)}" if candidates else "")
    return Check(rule=rule, passed=False, detail=detail, fields=(field,))


def _code_kind(kind: InvoiceKind, values: Values) -> Check | None:
    code = values.get("invoice_code")
    if not code or kind is InvoiceKind.OTHER or KINDS[kind].number != "code_and_8":
        return None
    if not codes.plausible_code(code):
        detail = f"{code} 不是发票代码的样式"
        return Check(rule="code_kind", passed=False, detail=detail, fields=("invoice_code",))
    said = codes.kind_from_code(code)
    if said is None:
        return Check(rule="code_kind", passed=None, detail=f"{code} 看不出票种", fields=("invoice_code",))
    detail = f"{code} 是{KINDS[said].title}的代码" + ("" if said is kind else f"，不是{KINDS[kind].title}的")
    return Check(rule="code_kind", passed=said is kind, detail=detail, fields=("invoice_code",))


def _code_area_year(values: Values) -> Check | None:
    """Area exists, and the code's year is the issue year or a few years earlier (stock of printed forms)."""
    code, issued = values.get("invoice_code"), values.get("issue_date")
    if not code or not code.isdigit() or len(code) not in (10, 12) or codes.kind_from_code(code) is None:
        return None
    fields = ("invoice_code", "issue_date")
    area, year = codes.area_of(code), codes.code_year(code)
    if area not in codes.AREAS:
        return Check(rule="code_area_year", passed=False, detail=f"{code}：没有地区 {area}", fields=fields)
    detail = f"{code}：{codes.AREAS[area]}，{year} 年"
    if issued and not year <= int(issued[:4]) <= year + 10:
        return Check(rule="code_area_year", passed=False, detail=f"{detail}，但开票日期是 {issued}", fields=fields)
    return Check(rule="code_area_year", passed=True, detail=detail, fields=fields)


def _number_year(values: Values) -> Check | None:
    number, issued = values.get("invoice_number"), values.get("issue_date")
    if not number or len(number) != 20 or not number.isdigit():
        return None
    passed = codes.plausible_digital_number(number, issued)
    detail = f"{number}：{codes.number_year(number)} 年，地区 {number[2:4]}" + (
        f"，开票日期 {issued}" if issued else ""
    )
    return Check(rule="number_year", passed=passed, detail=detail, fields=("invoice_number", "issue_date"))


def _rates(values: Values, lines: tuple[Line, ...]) -> Check | None:
    printed = sorted({line.tax_rate for line in lines if line.tax_rate})
    issued = values.get("issue_date")
    if not printed:
        return None
    never = [rate for rate in printed if not rates.ever_legal(rate)]
    if never:
        return Check(rule="rates", passed=False, detail=f"没有这样的税率：{'、'.join(never)}", fields=("lines",))
    odd = [rate for rate in printed if issued and not rates.legal_on(rate, issued)]
    if odd:
        detail = f"{'、'.join(odd)} 在 {issued} 不是现行税率：补开或红字发票？"
        return Check(rule="rates", passed=None, detail=detail, fields=("lines", "issue_date"))
    return Check(rule="rates", passed=True, detail="、".join(printed), fields=("lines", "issue_date"))


def _qr(kind: InvoiceKind, values: Values, qr: QrPayload) -> Iterator[Check | None]:
    if not qr.names_an_invoice:
        return
    if qr.kind is not None and kind is not InvoiceKind.OTHER:
        same = qr.kind is kind
        detail = KINDS[kind].title if same else f"二维码：{KINDS[qr.kind].title}；票面：{KINDS[kind].title}"
        yield Check(rule="qr_kind", passed=same, detail=detail, fields=())
    for rule, field, coded in (
        ("qr_code", "invoice_code", qr.invoice_code),
        ("qr_number", "invoice_number", qr.invoice_number),
        ("qr_date", "issue_date", qr.issue_date),
        ("qr_check_code", "check_code", qr.check_code),
    ):
        printed = values.get(field)
        if coded and printed:
            same = coded == printed
            detail = coded if same else f"二维码：{coded}；票面：{printed}"
            yield Check(rule=rule, passed=same, detail=detail, fields=(field,))
    yield _qr_amount(values, qr)


def _qr_amount(values: Values, qr: QrPayload) -> Check | None:
    coded = parse_money(qr.amount)
    net, gross = parse_money(values.get("total_excl_tax")), parse_money(values.get("total_incl_tax"))
    if coded is None or (net is None and gross is None):
        return None
    expected, other = (gross, net) if qr.amount_is_gross else (net, gross)
    fields = ("total_incl_tax",) if qr.amount_is_gross else ("total_excl_tax",)
    if qr.amount_is_gross is None:
        passed = coded in (net, gross)
        detail = f"二维码：{qr.amount}；票面：{net} / {gross}"
        return Check(rule="qr_amount", passed=passed, detail=detail, fields=("total_excl_tax", "total_incl_tax"))
    if expected is None:
        return None
    if coded == expected:
        return Check(rule="qr_amount", passed=True, detail=f"{qr.amount}", fields=fields)
    basis = "二维码混淆了含税与不含税金额" if coded == other else "金额不同"
    return Check(
        rule="qr_amount", passed=False, detail=f"二维码：{qr.amount}；票面：{expected}；{basis}", fields=fields
    )
