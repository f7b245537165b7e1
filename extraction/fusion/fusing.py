"""All readings of one invoice → one `Invoice`. Pure: no file, no picture, no engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from extraction.checks.rules import run_checks
from extraction.fusion import amounts
from extraction.fusion.calibration import CURVES, Curves
from extraction.fusion.corroboration import NEUTRAL, examine
from extraction.fusion.deciding import absent, decide, missing
from extraction.fusion.expected import always_printed, never_has
from extraction.fusion.face import named_after_face
from extraction.fusion.kinds import decide_kind
from extraction.fusion.line_items import choose_lines
from extraction.fusion.sameness import comparable
from extraction.fusion.weighing import Candidate, weigh
from extraction.qr_payload import QrPayload
from extraction.reading import FROM_WORDS, Reading
from models.evidence import Field, FieldStatus, Source
from models.invoice import COMMON_FIELDS, MONEY_FIELDS, Invoice
from models.kinds import InvoiceKind

ACCEPT_THRESHOLD = 0.98


def fuse(
    readings: Sequence[Reading],
    *,
    source: str,
    index: int = 0,
    qr: QrPayload | None = None,
    threshold: float = ACCEPT_THRESHOLD,
    curves: Curves = CURVES,
    has_face: bool = False,
) -> Invoice:
    """Weigh every field over all readings. `source` is the document's name, `qr` the code that belongs to it;
    `has_face`: it has pages, read or not."""
    kind = _kind(readings)
    evidence = named_after_face(readings, kind, has_face=has_face)
    weighed = {name: weigh(name, items) for name, items in evidence.items() if items}
    leading = {name: candidates[0].value for name, (candidates, _) in weighed.items()}
    lines = choose_lines(readings, leading.get("total_excl_tax"), kind)
    verdict = amounts.decide(
        {f: weighed[f][0] for f in MONEY_FIELDS & weighed.keys()},
        {f: weighed[f][1] for f in MONEY_FIELDS & weighed.keys()},
        [e.value for e in evidence.get("total_in_words", ())],
        lines.lines if lines.complete else (),
    )
    fields: dict[str, Field] = {}
    for name in (*COMMON_FIELDS, *(n for n in evidence if n not in COMMON_FIELDS)):
        if name not in weighed or never_has(kind, name):
            fields[name] = missing() if always_printed(kind, name) else absent()
        elif name in MONEY_FIELDS:
            fields[name] = _amount_field(name, weighed[name][0], verdict, threshold, curves)
        else:
            candidates, other = weighed[name]
            findings = [examine(name, c.value, kind, leading) for c in candidates]
            fields[name] = decide(candidates, other, threshold=threshold, findings=findings, curves=curves)
    fields["total_in_words"] = _spoken(fields, threshold)
    values = {name: field.value for name, field in fields.items()}
    return Invoice(
        source=source,
        index=index,
        pages=tuple(sorted({p for r in readings for p in r.pages})) or (1,),
        kind=kind,
        title=next((r.title for r in readings if r.title), None),
        fields=fields,
        lines=lines.lines,
        checks=run_checks(kind, values, lines.lines if lines.complete else (), qr),
        notes=tuple(dict.fromkeys(note for r in readings for note in r.notes)),
    )


def _kind(readings: Sequence[Reading]) -> InvoiceKind:
    def leading(name: str) -> str | None:
        items = [e for r in readings for e in r.fields.get(name, ())]
        return weigh(name, items)[0][0].value if items else None

    return decide_kind(readings, leading("invoice_code"), leading("invoice_number"), leading("digital_invoice_number"))


def _amount_field(
    name: str, candidates: Sequence[Candidate], verdict: amounts.AmountVerdict, threshold: float, curves: Curves
) -> Field:
    joint: Mapping[str, float] = verdict.weights.get(name, {})
    weighed = sorted(
        (Candidate(c.value, c.support, joint.get(c.value, 0.0)) for c in candidates), key=lambda c: -c.weight
    )
    other = max(0.0, 1.0 - sum(c.weight for c in weighed))
    derived = all(e.repaired == FROM_WORDS for e in weighed[0].support)
    return decide(
        weighed,
        other,
        threshold=threshold,
        findings=[NEUTRAL] * len(weighed),
        constraints=() if derived else verdict.supported.get(name, ()),
        curves=curves,
    )


def _spoken(fields: Mapping[str, Field], threshold: float) -> Field:
    """The amount in words is as sure as the amount in figures that it agrees with; recognised words that say another
    amount than the figures were cut off or misread, however often they were seen."""
    spoken, gross = fields["total_in_words"], fields["total_incl_tax"]
    if spoken.value is None or gross.value is None:
        return spoken
    agrees = comparable("total_in_words", spoken.value) == comparable("total_incl_tax", gross.value)
    if agrees and gross.status is FieldStatus.ACCEPTED and spoken.status is FieldStatus.REVIEW:
        confidence = max(spoken.confidence, gross.confidence)
        return replace(spoken, status=FieldStatus.ACCEPTED, confidence=confidence, why="与小写金额一致")
    if not agrees and spoken.source is Source.OCR and spoken.status is FieldStatus.ACCEPTED:
        return replace(spoken, status=FieldStatus.REVIEW, why="与小写金额不一致。请人工核对")
    return spoken
