"""The head of the VAT forms: code, number, date, check code, machine number.

Paper prints code and number twice (large and by the issuing machine): both are kept as two readings.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from extraction import normalise
from extraction.checks import codes
from extraction.layouts import labels, values
from extraction.layouts.findings import AMBIGUOUS, GUESSED, PLACED, SHAPED, Findings
from extraction.layouts.rows import Row
from extraction.layouts.values import Value
from models.evidence import EXACT
from models.kinds import InvoiceKind

DIGITAL = frozenset(
    {
        InvoiceKind.DIGITAL_SPECIAL,
        InvoiceKind.DIGITAL_ORDINARY,
        InvoiceKind.DIGITAL_VEHICLE,
        InvoiceKind.DIGITAL_USED_VEHICLE,
    }
)
Normal = Callable[[str], str | None]


def read_head(
    findings: Findings,
    rows: list[Row],
    everywhere: list[Row],
    kind: InvoiceKind | None,
    *,
    digital: bool,
    header_y: float,
) -> None:
    """Read the head. `rows` are the head's own, where a shape alone may speak; labels are looked for down to the
    item table, and that of the check code `everywhere`: some clients print it in the remarks."""
    above = [row for row in everywhere if row.centre_y < header_y]
    _put(findings, "issue_date", values.beside(above, labels.DATE, values.BARE_DATE), normalise.date_iso, "开票日期")
    if not findings.has("issue_date"):
        dates = values.shaped(rows, values.DATE)
        _put(findings, "issue_date", _if_single(dates), normalise.date_iso, "date shape")
    if digital:
        _digital_number(findings, rows)
        return
    _check_code(findings, rows, everywhere, kind)
    _machine(findings, above)
    _code(findings, rows, above)
    if not findings.has("machine_number"):
        _loose_machine(findings, rows)
    _number(findings, rows, above)
    if not findings.has("invoice_code"):
        _digital_number(findings, rows)


def _put(findings: Findings, name: str, found: list[Value], normal: Normal, label: str) -> None:
    for value in found:
        findings.add(name, value.span, normal, label=label, association=value.association, raw=value.text)


def _if_single(found: list[Value]) -> list[Value]:
    return found if len({value.text for value in found}) == 1 else []


def _digital_number(findings: Findings, rows: list[Row]) -> None:
    found = values.beside(rows, labels.NUMBER, values.TWENTY)
    if not found:
        found = _if_single([v for v in values.shaped(rows, values.TWENTY) if codes.plausible_digital_number(v.text)])
    _put(findings, "invoice_number", found, normalise.digits, "发票号码")


def _check_code(findings: Findings, rows: list[Row], everywhere: list[Row], kind: InvoiceKind | None) -> None:
    if kind is InvoiceKind.BLOCKCHAIN_SZ:
        _put(findings, "check_code", values.beside(rows, labels.CHECK_CODE, values.HEX5), str, "校验码")
        return
    found = values.beside(everywhere, labels.CHECK_CODE, values.TWENTY)
    if not found:
        found = _if_single(values.shaped(rows, values.TWENTY))
    _put(findings, "check_code", found, normalise.digits, "校验码")


def _machine(findings: Findings, rows: list[Row]) -> None:
    found = values.beside(rows, labels.MACHINE, values.TWELVE, reach=4.0)
    alike = len({value.text for value in found}) == 1  # else one is that of a head that looks out beneath this one
    _put(findings, "machine_number", found[:1] if alike else found, normalise.digits, "机器编号")


def _loose_machine(findings: Findings, rows: list[Row]) -> None:
    """Print that missed its label: twelve digits in the head that are not the code. A person must look: the head of
    another paper that looks out beneath this one has such digits too."""
    known = {e.value for e in findings.fields.get("invoice_code", ())}
    loose = [v for v in values.shaped(rows, values.TWELVE) if v.text not in known]
    if known and findings.source not in EXACT:
        for value in _if_single(loose)[:1]:
            findings.add(
                "machine_number", value.span, normalise.digits,
                label="machine number shape", association=AMBIGUOUS, raw=value.text,
            )  # fmt: skip


def _code(findings: Findings, rows: list[Row], above: list[Row]) -> None:
    labelled = values.beside(above, labels.CODE, values.CODE)
    _put(findings, "invoice_code", labelled, _code_text, "发票代码")
    if labelled:
        return
    machine = findings.value("machine_number")
    loose = [v for v in values.shaped(rows, values.CODE) if v.text != machine]
    known = [v for v in loose if codes.kind_from_code(v.text)] or loose
    _twice(findings, "invoice_code", known, _code_text, "code shape")


def _number(findings: Findings, rows: list[Row], above: list[Row]) -> None:
    labelled = values.beside(above, labels.NUMBER, values.EIGHT)
    _put(findings, "invoice_number", labelled, normalise.digits, "发票号码")
    if labelled:
        return
    code = findings.value("invoice_code") or ""
    loose = [v for v in values.shaped(rows, values.EIGHT) if v.text not in code and not _within_date(v)]
    _twice(findings, "invoice_number", loose, normalise.digits, "number shape")


def _within_date(value: Value) -> bool:
    return re.fullmatch(r"20[12]\d(0[1-9]|1[0-2])([0-2]\d|3[01])", value.text) is not None


def _twice(findings: Findings, name: str, found: list[Value], normal: Normal, label: str) -> None:
    """Two equal readings support each other; a single one stands; different ones are all doubtful."""
    texts = [value.text for value in found]
    for value in found:
        if len(set(texts)) == 1:
            association = PLACED if len(texts) > 1 else SHAPED
        else:
            association = SHAPED if texts.count(value.text) > 1 else GUESSED
        findings.add(name, value.span, normal, label=label, association=association, raw=value.text)


def _code_text(text: str) -> str | None:
    compact = re.sub(r"\s", "", text)
    return compact if codes.plausible_code(compact) else None
