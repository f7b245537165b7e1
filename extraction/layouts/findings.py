"""Collects evidence for one invoice while a layout reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from extraction.layouts.rows import Sheet, Span
from models.evidence import Evidence, Source
from models.invoice import Line

#: association confidences: how sure it is that this text is that field
LABELLED = 1.0  #: behind its own label, of the right shape
PLACED = 0.97  #: of the right shape, in the right region, the only one there
SHAPED = 0.9  #: of the right shape, where the form has drifted from the print
GUESSED = 0.6  #: one of two candidates, or glued to a neighbour
AMBIGUOUS = 0.45  #: may be another value of the invoice or of a neighbour: a second look at it would not tell which


@dataclass
class Findings:
    """Evidence by field name for one invoice on one sheet."""

    sheet: Sheet
    source: Source
    fields: dict[str, list[Evidence]] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    notes: list[str] = field(default_factory=list)

    def add(
        self,
        name: str,
        span: Span | None,
        normal: Callable[[str], str | None],
        *,
        label: str,
        association: float = LABELLED,
        raw: str | None = None,
    ) -> bool:
        """Record `span` as a reading of `name`; False when its text is not of the field's shape."""
        if span is None:
            return False
        text = span.text if raw is None else raw
        value = normal(text)
        if not value:
            return False
        known = self.fields.setdefault(name, [])
        evidence = Evidence(
            source=self.source,
            value=value,
            raw=text,
            confidence=span.confidence * association,
            box=self.sheet.page.fraction(span.box),
            label=label,
        )
        if any(e.box == evidence.box and e.value == value for e in known):
            return True
        known.append(evidence)
        return True

    def value(self, name: str) -> str | None:
        found = self.fields.get(name)
        return found[0].value if found else None

    def has(self, name: str) -> bool:
        return bool(self.fields.get(name))

    def frozen(self) -> dict[str, tuple[Evidence, ...]]:
        """By field name, the most confident first."""
        return {name: tuple(sorted(found, key=lambda e: -e.confidence)) for name, found in self.fields.items() if found}


def plain(text: str) -> str | None:
    """Text as printed, blanks at the ends removed."""
    return text.strip() or None
