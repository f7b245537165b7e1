"""From weighed candidates to a field: value, confidence, and whether it may be used unseen.

A value is accepted when its probability reaches the threshold AND it stands on more than one recogniser's word:
an exact source, a second independent reading, or a check with real redundancy. Everything else goes to a person.
"""

from __future__ import annotations

from collections.abc import Sequence

from extraction.fusion.calibration import CURVES, Curves, Standing
from extraction.fusion.corroboration import NEUTRAL, Finding
from extraction.fusion.weighing import Candidate, independent_sources
from models.evidence import EXACT, Evidence, Field, FieldStatus, Source
from models.pages import PageBox

LABELS = {
    Source.XML: "XML 数据",
    Source.OFD: "OFD 版式",
    Source.QR: "二维码",
    Source.PDF: "PDF 文字层",
    Source.OCR: "图像识别",
    Source.USER: "人工确认",
}
CONSTRAINTS = {"sum": "金额与税额之和", "words": "大写金额", "lines": "明细合计"}
REDUNDANT = frozenset({"sum", "words"})
DOUBTS = {
    "uscc": "税号校验位不符",
    "cut_name": "名称似不完整",
    "cut_code": "税号似不完整",
    "style": "不像此项应有的样式",
}


def absent() -> Field:
    """No source has a value."""
    return Field(status=FieldStatus.ABSENT, why="票面无此项")


def missing() -> Field:
    """The kind always has this value, and no source gave one."""
    return Field(status=FieldStatus.REVIEW, why="该票种应有此项，但未能读出，请人工填写")


def decide(
    candidates: Sequence[Candidate],
    other: float,
    *,
    threshold: float,
    findings: Sequence[Finding],
    constraints: Sequence[str] = (),
    curves: Curves = CURVES,
) -> Field:
    """The best candidate as a Field. `findings` runs beside `candidates`; `constraints` bear out the first.

    What recognition alone gave is stated as often as such values are right (`calibration`).
    """
    weights = [c.weight * f.ratio for c, f in zip(candidates, findings, strict=True)]
    best = max(range(len(weights)), key=weights.__getitem__)
    confidence = weights[best] / (sum(weights) + other)
    winner, finding = candidates[best], findings[best]
    against = [e for i, c in enumerate(candidates) if i != best for e in c.support]
    ground = _ground(winner, finding, constraints)
    if all(e.source is Source.OCR for e in winner.support):
        confidence = curves[Standing.BORNE_OUT if ground else Standing.ALONE](confidence)
    accepted = ground is not None and confidence >= threshold
    kept = winner.best
    return Field(
        value=winner.value,
        confidence=confidence,
        source=kept.source,
        status=FieldStatus.ACCEPTED if accepted else FieldStatus.REVIEW,
        box=_place(winner),
        raw=kept.raw,
        agrees=tuple(dict.fromkeys(e.source for e in winner.support if e.source is not kept.source)),
        why=_why(winner, ground, finding, against, accepted=accepted),
        evidence=(*winner.support, *against),
    )


def _place(winner: Candidate) -> PageBox | None:
    """Where a person should look: the print, rather than the QR code that says the same."""
    placed = [e for e in sorted(winner.support, key=lambda e: e.source is Source.QR) if e.box]
    return placed[0].box if placed else None


def _ground(winner: Candidate, finding: Finding, constraints: Sequence[str]) -> str | None:
    """What the value stands on beyond one recogniser's word; None where there is nothing."""
    exact = [e for e in winner.support if e.source in EXACT]
    if exact:
        return "、".join(dict.fromkeys(LABELS[e.source] for e in exact))
    if finding.ratio < 1:  # recognised only, and its structure speaks against it
        return None
    borne_out = [c for c in constraints if c in REDUNDANT]
    if borne_out:
        return "与" + "、".join(CONSTRAINTS[c] for c in borne_out) + "一致"
    if finding.redundant:
        return "校验位正确"
    if independent_sources(winner.support) > 1:
        return "两处独立识别一致"
    return None


def _why(
    winner: Candidate, ground: str | None, finding: Finding, against: Sequence[Evidence], *, accepted: bool
) -> str:
    parts = [ground or "仅图像识别，佐证不足"]
    if finding is not NEUTRAL and finding.ratio < 1:
        parts.append(DOUBTS.get(finding.name, "与票种、年份或地区规则不符"))
    if against:
        parts.append("另有读数：" + "、".join(dict.fromkeys(f"{LABELS[e.source]} {e.value}" for e in against)))
    if any(e.repaired for e in winner.support):
        parts.append("含按规则修正的字符")
    return "；".join(parts) + ("" if accepted else "。请人工核对")
