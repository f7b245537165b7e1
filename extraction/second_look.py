"""A second look at what only one recognition supports: the same place cut out anew, larger, with and without seal ink.

The second cut is a different picture (other resampling, other margins, other colours), so a misreading seldom repeats
itself exactly; agreement is evidence, disagreement sends the value to a person. Numbers are also read over digits
alone, and credit codes that fail their check are searched for in the recogniser's posteriors (`ocr.constrained`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import cv2

from extraction.checks import uscc, words
from extraction.fusion.sameness import comparable
from extraction.normalise import date_iso, digits
from extraction.ocr import constrained
from extraction.ocr.engine import OcrEngine, RecognisedLine
from extraction.reading import Reading
from models.evidence import Evidence, Field, FieldStatus, Source
from models.invoice import MONEY_FIELDS, Invoice
from models.money import parse_money
from models.pages import PageBox, Picture, Pixels

NOT_AGAIN = frozenset({"remarks"})  #: several lines of free text: a cut would not be one line
LEAST_CONFIDENCE = 0.5
MARGINS = ((0.15, 0.15), (1.5, 0.25))  #: of the line's height, added at the sides and above and below
NUMBERS = frozenset({"invoice_code", "invoice_number", "digital_invoice_number", "check_code", "machine_number"})
TAX_IDS = frozenset({"buyer_tax_id", "seller_tax_id"})
CLERKS = frozenset({"payee", "reviewer", "drawer"})
NAMES = frozenset({"buyer_name", "seller_name"}) | CLERKS
LABEL_ENDS = frozenset(":;.称名方人核")
CONTINUES = re.compile(r"[\u3400-\u9fff()（）](?<![密码区备注])")
#: an amount; tickets print one decimal and close it with 元 (which `comparable` makes 圆)
_FIGURE = re.compile(r"-?\d+\.\d\d(?!\d)|-?\d+\.\d(?=圆)")
LABEL = "second look"
OPINION = "second opinion"
#: no check character and no sum bears these out; a misreading of them looks right
WITNESSED = NAMES
LEAST_HEIGHT = 14  #: pixels of a line below which strokes of 3, 5, 6, 8 run together: looking again shows the same blur


def look_again(invoice: Invoice, pictures: Mapping[int, Picture], engine: OcrEngine) -> Reading | None:
    """Evidence for the invoice's OCR-only values under review, or None where there is nothing to look at."""
    cuts: dict[str, list[Pixels]] = {}
    values: dict[str, str] = {}
    for name, field in invoice.fields.items():
        if name in NOT_AGAIN or not _wants_a_look(name, field) or field.value is None or field.box is None:
            continue
        if field.box.page in pictures and (own := _cuts(pictures[field.box.page], field.box)):
            cuts[name], values[name] = own, field.value
    if not cuts:
        return None
    lines = _each(cuts, engine.read_lines)
    seen = {
        name: evidence
        for name, value in values.items()
        if (evidence := _evidence(name, value, lines[name], engine.alphabet)) is not None
    }
    witnesses = _each({name: cuts[name] for name in seen if name in WITNESSED}, engine.second_opinion)
    found = {
        name: _witnessed(name, own, witnesses[name]) if name in WITNESSED else (own,) for name, own in seen.items()
    }
    fields = {name: own for name, own in found.items() if own}
    return Reading(source=Source.OCR, pages=invoice.pages, fields=fields) if fields else None


def _each(
    cuts: Mapping[str, Sequence[Pixels]], read: Callable[[Sequence[Pixels]], Sequence[RecognisedLine]]
) -> dict[str, list[RecognisedLine]]:
    """The lines of each field's cuts, all of them read in one go: many are short, and short ones go together."""
    lines = iter(read([cut for own in cuts.values() for cut in own]) if cuts else ())
    return {name: [next(lines) for _ in own] for name, own in cuts.items()}


def _wants_a_look(name: str, field: Field) -> bool:
    if field.status is not FieldStatus.REVIEW or field.source is not Source.OCR or field.value is None:
        return False
    # a credit code that fails its check is stated as unlikely, and is what the search is for
    return field.confidence >= LEAST_CONFIDENCE or (len(field.value) == 18 and _fails_its_check(name, field.value))


def _fails_its_check(name: str, value: str) -> bool:
    return name in TAX_IDS and not uscc.valid(value)


def _evidence(name: str, value: str, lines: Sequence[RecognisedLine], alphabet: Sequence[str]) -> Evidence | None:
    """What the new cuts say: the value again, or what else stands there under the field's constraints."""
    if not lines:
        return None
    if _fails_its_check(name, value) and (found := _searched_code(lines[0], alphabet)) is not None:
        return found
    if all(holds(name, line.text, value) for line in lines):
        confidence = min(line.weakest(value) for line in lines)  # the least sure character of the least sure cut
        return Evidence(source=Source.OCR, value=value, raw=lines[0].text, confidence=confidence, label=LABEL)
    if name in NUMBERS:
        return _over_digits(value, lines[0], alphabet)
    if name == "total_in_words":
        return _by_grammar(lines, alphabet)
    return None


def _witnessed(name: str, seen: Evidence, lines: Sequence[RecognisedLine]) -> tuple[Evidence, ...]:
    """Two looks of one network at one character can be wrong alike, above all where its alphabet lacks the character:
    what they saw counts only where a network of another make reads it too."""
    alike = [line for line in lines if holds(name, line.text, seen.value)]
    if not alike:
        return ()
    surest = max(alike, key=lambda line: line.weakest(seen.value))
    return (
        seen,
        Evidence(
            source=Source.OCR,
            value=seen.value,
            raw=surest.text,
            confidence=surest.weakest(seen.value),
            label=OPINION,
        ),
    )


def _over_digits(value: str, line: RecognisedLine, alphabet: Sequence[str]) -> Evidence | None:
    """The tight cut read over digits alone, where it has as many of them as the value."""
    narrow = constrained.restricted(line, alphabet, constrained.DIGITS)
    if narrow is None or len(narrow.text) != len(value):
        return None
    return Evidence(
        source=Source.OCR, value=narrow.text, raw=line.text, confidence=narrow.confidence, label=f"{LABEL}, digits"
    )


def _searched_code(line: RecognisedLine, alphabet: Sequence[str]) -> Evidence | None:
    """The one credit code with right check characters that the picture supports; of two, none is taken."""
    passing = constrained.credit_codes(line, alphabet)
    if len(passing) != 1:
        return None
    ((code, share),) = passing
    return Evidence(
        source=Source.OCR, value=code, raw=line.text, confidence=share, label=LABEL, repaired="credit code search"
    )


def _by_grammar(lines: Sequence[RecognisedLine], alphabet: Sequence[str]) -> Evidence | None:
    """The amount in words that every cut supports first of all amounts that the grammar allows."""
    first = [spoken[0] for line in lines if (spoken := constrained.spoken_amounts(line, alphabet))]
    if len(first) < len(lines) or len({words.parse(text) for text, _ in first}) != 1:
        return None
    text, share = min(first, key=lambda found: found[1])
    if share < LEAST_CONFIDENCE:
        return None
    raw = lines[0].text
    repaired = None if words.parse(raw) == words.parse(text) else "amount in words by its grammar"
    return Evidence(
        source=Source.OCR, value=text, raw=raw, confidence=share, label=f"{LABEL}, words", repaired=repaired
    )


def holds(name: str, text: str, value: str) -> bool:
    """The value stands in `text` whole: a label or a neighbour may stand beside it, more of itself may not."""
    wanted = comparable(name, value)
    if name == "issue_date":
        return date_iso(text) == value or value.replace("-", "") == digits(re.sub(r"[^0-9]", "", text))
    seen = comparable("", text)
    if name in MONEY_FIELDS:
        return parse_money(value) in {parse_money(figure) for figure in _FIGURE.findall(seen.replace(",", ""))}
    at = seen.find(wanted)
    if at < 0:
        return False
    before, after = seen[:at], seen[at + len(wanted) :]
    if name in NAMES:
        return (not before or before[-1] in LABEL_ENDS) and not CONTINUES.match(after)
    return not re.search(r"[0-9A-Z]$", before.removesuffix("NO")) and not re.match(r"[0-9A-Z]", after)


def _cuts(picture: Picture, box: PageBox) -> list[Pixels]:
    """Cuts of the place: seal-suppressed and tight, original colours and wide enough to show what was left out."""
    cuts = []
    for pixels, (wide, high) in zip((picture.reading, picture.colour), MARGINS, strict=True):
        height, width = pixels.shape[:2]
        line = (box.y1 - box.y0) * height
        if line < LEAST_HEIGHT:
            return []
        x0, x1 = max(0, int(box.x0 * width - wide * line)), min(width, int(box.x1 * width + wide * line) + 1)
        y0, y1 = max(0, int(box.y0 * height - high * line)), min(height, int(box.y1 * height + high * line) + 1)
        if x1 - x0 >= 4 and y1 - y0 >= 4:
            cut = pixels[y0:y1, x0:x1]
            scale = 64 / cut.shape[0]
            cuts.append(cv2.resize(cut, (max(8, round(cut.shape[1] * scale)), 64), interpolation=cv2.INTER_CUBIC))
    return cuts
