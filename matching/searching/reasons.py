"""Why something was found: the fields in which the words of a search stand, with the place to mark.

Looks only at the few rows of a page, in the values themselves and not in the index.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matching.folding import fold_name
from matching.searching.asking import Amount, Days, Term, Word
from matching.searching.parties import nearly_within
from matching.searching.sounds import initials
from models.money import parse_money
from models.tables import DraftRow, InvoiceRow, RecordRow

Row = InvoiceRow | RecordRow | DraftRow
_SAID = ("remarks", "drawer", "payee", "vin", "plate", "train_number", "passenger_name", "e_ticket_number")
_NAMES = ("seller_name", "buyer_name")
_NUMBERS = ("invoice_number", "digital_invoice_number", "invoice_code", "seller_tax_id", "buyer_tax_id")
_MONEY = ("total_incl_tax", "total_excl_tax")


@dataclass(frozen=True, slots=True)
class Reason:
    """A field and its text in three parts: before, what is marked, after."""

    field: str
    before: str
    marked: str
    after: str

    @property
    def text(self) -> str:
        return self.before + self.marked + self.after


def reasons(row: Row, terms: Sequence[Term]) -> tuple[Reason, ...]:
    """One reason a term, where it can be told."""
    values = list(_values(row))
    found = (_reason(values, term) for term in terms)
    return tuple(dict.fromkeys(reason for reason in found if reason is not None))


def _values(row: Row) -> Iterator[tuple[str, str]]:
    """Field and text of everything that the index knows of a row, in the order in which people care."""
    if isinstance(row, DraftRow):
        said = {name: (field or {}).get("value") for name, field in row.fields.items()}
        said["application_number"] = row.application_number
        lines = row.lines
    elif isinstance(row, InvoiceRow):
        fields = row.data.get("fields", {})
        said = {name: (fields.get(name) or {}).get("value") for name in ("digital_invoice_number", *_SAID)}
        said |= {name: getattr(row, name) for name in (*_NUMBERS[:1], "invoice_code", *_NUMBERS[3:], *_NAMES)}
        said["document"] = row.document.name
        said |= {"issue_date": row.issue_date.isoformat() if row.issue_date else None}
        said |= {name: _yuan(getattr(row, name.replace("_tax", "_fen"))) for name in _MONEY}
        lines = row.data.get("lines", [])
    else:
        said = {name: getattr(row, name) for name in (*_NUMBERS, *_NAMES, "remarks")}
        said |= {"issue_date": row.issue_date.isoformat() if row.issue_date else None}
        said |= {name: _yuan(getattr(row, name.replace("_tax", "_fen"))) for name in _MONEY}
        lines = [line.data for line in row.lines]
    for name in ("application_number", *_NUMBERS, *_NAMES, *_MONEY, "issue_date", "document", *_SAID):
        if said.get(name):
            yield name, str(said[name])
    for line in lines:
        for name in ("item_name", "specification"):
            if isinstance(line, dict) and line.get(name):
                value = line[name]
                yield name, str(value.get("value") or "" if isinstance(value, dict) else value)


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else f"{fen / 100:.2f}"


def _reason(values: Sequence[tuple[str, str]], term: Term) -> Reason | None:
    if isinstance(term, Amount):
        return next((Reason(name, "", text, "") for name, text in values if name in _MONEY and _in(text, term)), None)
    if isinstance(term, Days):
        span = (term.first.isoformat(), term.last.isoformat())
        fits = (Reason(n, "", t, "") for n, t in values if n == "issue_date" and span[0] <= t <= span[1])
        return next(fits, None)
    return (
        _plain(values, term.text) or _same_amount(values, term) or _sounding(values, term.text) or _near(values, term)
    )


def _in(text: str, amount: Amount) -> bool:
    value = parse_money(text)
    return value is not None and amount.least <= value * 100 <= amount.most


def _plain(values: Sequence[tuple[str, str]], wanted: str) -> Reason | None:
    for name, text in values:
        place = text.casefold().find(wanted.casefold())
        if place >= 0 and name not in (*_MONEY, "issue_date"):
            return Reason(name, text[:place], text[place : place + len(wanted)], text[place + len(wanted) :])
    for name, text in values:
        if name in _NAMES and fold_name(wanted) and fold_name(wanted) in fold_name(text):
            return Reason(name, "", text, "")
    return None


def _same_amount(values: Sequence[tuple[str, str]], word: Word) -> Reason | None:
    if word.fen is None:
        return None
    return _reason(values, Amount(word.fen, word.fen))


def _sounding(values: Sequence[tuple[str, str]], wanted: str) -> Reason | None:
    """Marks the characters that the initials stand for."""
    if not (wanted.isascii() and wanted.isalpha()):
        return None
    for name, text in values:
        folded = fold_name(text)
        for letters in initials(folded) if name in _NAMES else ():
            place = letters.find(wanted.lower())
            if place >= 0 and len(folded) == len(text):
                return Reason(name, text[:place], text[place : place + len(wanted)], text[place + len(wanted) :])
            if place >= 0:
                return Reason(name, "", text, "")
    return next((Reason(name, "", text, "") for name, text in values if name in _NAMES), None)


def _near(values: Sequence[tuple[str, str]], word: Word) -> Reason | None:
    """The field that is one slip away from the word, marked as a whole."""
    for name, text in values:
        if word.is_number and name in _NUMBERS[:2] and nearly_within(word.text, text):
            return Reason(name, "", text, "")
        if not word.is_number and name in _NAMES and nearly_within(fold_name(word.text), fold_name(text)):
            return Reason(name, "", text, "")
    return None
