"""Sums and products on the face of an invoice, with the issuing systems' own tolerances (domain §2.2).

Rows where the rule does not hold by design are skipped: `***`, 差额, 免税, 不征税, toll rows whose columns mean other
things, discount rows without quantity. Each function returns one check, or None where there is nothing to check.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from extraction.checks import rates
from models.invoice import Check, Line
from models.money import CENT, parse_money

SUM_TOLERANCE = CENT
LINE_TAX_TOLERANCE = Decimal("0.06")
TOTAL_TAX_TOLERANCE = Decimal("1.27")
ASTERISKS = "***"


def total(net: str | None, tax: str | None, gross: str | None) -> Check | None:
    """金额 + 税额 = 价税合计. Tax in asterisks: net and gross are the same amount."""
    net_value, gross_value = parse_money(net), parse_money(gross)
    if net_value is None or gross_value is None or tax is None:
        return None
    tax_value = Decimal(0) if tax == ASTERISKS else parse_money(tax)
    if tax_value is None:
        return None
    passed = abs(net_value + tax_value - gross_value) <= SUM_TOLERANCE
    detail = f"{net} + {tax} {'=' if passed else '≠'} {gross}"
    return Check(rule="sum", passed=passed, detail=detail, fields=("total_excl_tax", "total_tax", "total_incl_tax"))


def column(rule: str, cells: Sequence[str | None], printed: str | None, field: str) -> Check | None:
    """Σ of a money column = its total. A blank or unreadable cell: cannot be applied."""
    expected = parse_money(printed)
    if expected is None or not cells:
        return None
    values = [Decimal(0) if cell == ASTERISKS else parse_money(cell) for cell in cells]
    found = [value for value in values if value is not None]
    if len(found) < len(values):
        rows = ", ".join(str(row) for row, value in enumerate(values, 1) if value is None)
        return Check(rule=rule, passed=None, detail=f"第 {rows} 行没有金额", fields=(field, "lines"))
    added = sum(found, Decimal(0))
    passed = abs(added - expected) <= SUM_TOLERANCE
    return Check(
        rule=rule, passed=passed, detail=f"Σ {added} {'=' if passed else '≠'} {printed}", fields=(field, "lines")
    )


def line_price(lines: Sequence[Line]) -> Check | None:
    """数量 × 单价 = 金额, allowing for the rounding of the printed price and quantity."""
    applied, wrong = 0, []
    for row, line in enumerate(lines, 1):
        holds = multiplies(line.quantity, line.unit_price, line.amount_excl_tax)
        applied += holds is not None
        if holds is False:
            wrong.append(f"第 {row} 行：{line.quantity} × {line.unit_price} ≠ {line.amount_excl_tax}")
    return _rows("line_price", applied, wrong)


def line_tax(lines: Sequence[Line]) -> Check | None:
    """金额 × 税率 = 税额 on every row that has a rate in per cent."""
    applied, wrong = 0, []
    for row, line in enumerate(lines, 1):
        holds = taxes(line.amount_excl_tax, line.tax_rate, line.tax_amount)
        applied += holds is not None
        if holds is False:
            wrong.append(f"第 {row} 行：{line.amount_excl_tax} × {line.tax_rate} ≠ {line.tax_amount}")
    return _rows("line_tax", applied, wrong)


def multiplies(quantity: str | None, price: str | None, amount: str | None) -> bool | None:
    """数量 × 单价 = 金额 as far as each is printed; None where one of the three is no number."""
    many, each, whole = parse_money(quantity), parse_money(price), parse_money(amount)
    if many is None or each is None or whole is None:
        return None
    allowed = CENT + abs(many) * _half_unit(each) + abs(each) * _half_unit(many)
    return abs(many * each - whole) <= allowed


def taxes(amount: str | None, rate: str | None, tax: str | None) -> bool | None:
    """金额 × 税率 = 税额; None where one of the three is no number."""
    net, share, paid = parse_money(amount), rates.as_fraction(rate), parse_money(tax)
    if net is None or share is None or paid is None:
        return None
    return abs(net * share - paid) <= LINE_TAX_TOLERANCE


def rated_total(lines: Sequence[Line], total_tax: str | None) -> Check | None:
    """Σ (金额 × 税率) against 合计税额; only where every row has a rate, or is exempt."""
    expected = parse_money(total_tax)
    if expected is None or not lines:
        return None
    added = Decimal(0)
    for line in lines:
        rate, amount = rates.as_fraction(line.tax_rate), parse_money(line.amount_excl_tax)
        if line.tax_rate in ("免税", "不征税"):
            continue
        if rate is None or amount is None:
            return None
        added += rate * amount
    passed = abs(added - expected) <= TOTAL_TAX_TOLERANCE
    detail = f"Σ 金额×税率 {added.quantize(CENT)} {'≈' if passed else '≠'} {total_tax}"
    return Check(rule="rated_total", passed=passed, detail=detail, fields=("total_tax", "lines"))


def _half_unit(value: Decimal) -> Decimal:
    """Half of one unit in the last printed place."""
    exponent = value.as_tuple().exponent
    return Decimal(5).scaleb(int(exponent) - 1) if isinstance(exponent, int) and exponent < 0 else Decimal(0)


def _rows(rule: str, applied: int, wrong: list[str]) -> Check | None:
    if not applied:
        return None
    detail = "；".join(wrong) or f"{applied} 行"
    return Check(rule=rule, passed=not wrong, detail=detail, fields=("lines",))
