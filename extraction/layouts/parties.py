"""Buyer and seller blocks: name, taxpayer number, address and telephone, bank and account.

Labels are often out of step with the print, so the number is known by its own shape and the rest by its place around
it: the name above, the address and the bank below. A label on the same row confirms.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from extraction import normalise
from extraction.checks import uscc
from extraction.layouts import labels
from extraction.layouts.findings import GUESSED, LABELLED, PLACED, SHAPED, Findings
from extraction.layouts.glyphs import Glyph
from extraction.layouts.rows import Row, Sheet, Span
from extraction.layouts.values import BEFORE_WORDS, TAX_ID, WORDS
from models.evidence import EXACT
from models.pages import Box

_STRIP = frozenset("购买销售货方单位信息密码区备注")
_LABEL_STARTS = frozenset("名称纳地开")
_RIGHT_STRIP = frozenset("密码区备注")
_LABELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("tax_id", labels.TAX_ID),
    ("address_phone", labels.ADDRESS),
    ("bank_account", labels.BANK),
    ("name", re.compile(r"名\|?称(?:\|?[:;.])?|^称(?:\|?[:;.])?|称\|?[:;]|^名(?=\|)|^名[:;]")),
)
#: rows of the head that reach into the block when print or page is askew
_LATE = 1.0  #: in heights, right of where the other values start: a character was lost
_TO_MARGIN = 2.5  #: in heights, from the end of a value
_HOLE = 0.8  #: in heights, between two pieces of one name
_RARE_LENGTHS = (16, 17, 19)
_RANK: dict[str | None, int] = {"tax_id": 0, None: 1, "name": 1}
_HEAD = re.compile(r"校验码|机器编号|开票日期|发票代码|发票号码|^第.联|货物或应税|规格型号")
_LATIN = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_NAME_LABEL = re.compile(r"名称:?$")  #: a lone character behind it may be the last of a name on two lines
#: pieces of rules and folds before the first character of a name
_SPECKS = re.compile(r"^[\s•·.。,，、:：;；\"“”'‘’~^_|☑□-]+(?=[\u4e00-\u9fff（(])")
_BANK = re.compile(r"银行|信用社|农商|支行|分行|营业部|^[中工农建交招]行|\d{9,}$")
_BANK_NAME = re.compile(r"银行|信用社|农商|支行|分行|营业部")
_ACCOUNT = re.compile(f"(?:{_BANK_NAME.pattern})" + r".*\d{13,}$")
_STREET = re.compile(r"[省市区县镇].*[路街道号室].*(?:1\d{10}|0\d{2,3}-?\d{7,8})$")


@dataclass(frozen=True, slots=True)
class _Entry:
    label: str | None
    value: Span | None
    y: float
    height: float


def read_party(findings: Findings, sheet: Sheet, side: str, block: Box, strip: float) -> None:
    """Read one block; `side` is buyer or seller, `strip` the width of its vertical title at the left."""
    rows = [row for row in (_without_strip(row, block.x0 + strip) for row in sheet.rows(block)) if row]
    rows = [row for row in rows if not _HEAD.search(row.key)]
    entries = [_entry(row) for row in rows]
    found_id = _put_tax_id(findings, side, entries)
    _put_name(findings, side, entries, found_id)
    _put_rest(findings, side, entries, found_id)


def _without_strip(row: Row, strip_end: float) -> Row | None:
    """The row without the letters of the vertical strips (购买方, 密码区), which are tokens of their own; in the left
    strip and the margin beside it, where forms print sideways what copy this is, any lone letter is one."""
    kept: list[Glyph] = [
        g
        for g in row.glyphs
        if not (g.token_length == 1 and g.centre_x < strip_end and g.key not in _LABEL_STARTS)
        and not (g.key in _STRIP and g.token_length <= 2 and (g.centre_x < strip_end or g.key in _RIGHT_STRIP))
    ]
    while len(kept) > 1 and _of_margin(kept[-2], kept[-1]) and not _NAME_LABEL.search(Span(tuple(kept[:-1])).key):
        kept.pop()
    return Span(tuple(kept)) if kept else None


def _of_margin(before: Glyph, last: Glyph) -> bool:
    """A letter of what is printed down the right margin (下载次数, what copy this is)."""
    lone = last.token_length == 1 and before.token_length > 1
    return lone and last.x0 - before.x1 > _TO_MARGIN * last.height and ord(last.char) > 0x2E80


def _entry(row: Row) -> _Entry:
    for name, pattern in _LABELS:
        hits = row.search(pattern)
        if hits and hits[0].match.start() <= 3:
            return _Entry(name, row.after(hits[0].end), row.centre_y, row.height)
    return _Entry(None, row, row.centre_y, row.height)


def _put_tax_id(findings: Findings, side: str, entries: list[_Entry]) -> _Entry | None:
    """The number by its shape: beside its label, else loose, else beside a label the print has drifted onto."""
    shaped: list[tuple[int, _Entry, Span]] = []
    for entry in entries:
        for found in entry.value.search(TAX_ID) if entry.value else ():
            key = found.span.key
            before = entry.value.key[: entry.value.key.find(key)] if entry.value else ""
            alone = entry.value is not None and len(entry.value.key) - len(key) <= (2 if "号" not in before else 9)
            if alone and re.search(r"\d{6}", key):
                rank = _RANK.get(entry.label, 2)
                if rank < 2 or uscc.valid(key):
                    shaped.append((rank, entry, found.span))
    if not shaped:
        return _put_parted_id(findings, side, entries)
    shaped.sort(key=lambda candidate: candidate[0])
    rank, entry, span = shaped[0]
    rivals = sum(candidate[0] == rank for candidate in shaped)
    association = LABELLED if rank == 0 else SHAPED if rivals == 1 else GUESSED
    if findings.source not in EXACT and len(span.key) in _RARE_LENGTHS:
        association = GUESSED  # a character was lost or added in recognition, far more often than printed so
    findings.add(f"{side}_tax_id", span, normalise.tax_id, label="纳税人识别号", association=association, raw=span.key)
    return entry


def _put_parted_id(findings: Findings, side: str, entries: list[_Entry]) -> _Entry | None:
    """A credit code that a narrow cell broke in two: its check characters say that the two are one."""
    for entry, below in itertools.pairwise(sorted(entries, key=lambda e: e.y)):
        if entry.label != "tax_id" or below.label is not None or not entry.value or not below.value:
            continue
        whole = entry.value.key + below.value.key
        if len(whole) == 18 and uscc.valid(whole) and uscc.org_check_valid(whole):
            span = Span((*entry.value.glyphs, *below.value.glyphs))
            findings.add(
                f"{side}_tax_id", span, normalise.tax_id, label="纳税人识别号", association=PLACED, raw=span.key
            )
            return below
    return None


def _put_name(findings: Findings, side: str, entries: list[_Entry], found_id: _Entry | None) -> None:
    labelled = [
        e for e in entries if e.label == "name" and e.value and (_name_like(e.value) or _line_above(e, entries))
    ]
    above_id = [e for e in entries if found_id and e.value and e.y < found_id.y and _name_like(e.value)]
    first = labelled[0] if labelled else above_id[-1] if above_id else None
    if first is None:
        first = _beside_name_label(entries)
        if first is None:
            return
    tail = [
        e
        for e in entries
        if e.label is None
        and e.value
        and e is not first
        and first.y < e.y
        and e.y - first.y < 2.2 * first.height
        and (found_id is None or e.y < found_id.y)
        and (_name_like(e.value) or _last_character(e.value, first.value))
    ]
    if found_id is None or first.label != "name":
        tail = []
    above = _line_above(first, entries) if first.label == "name" and found_id is not None else None
    spans = [e.value for e in (above, first, *tail) if e and e.value]
    whole = Span(tuple(g for span in spans for g in span.glyphs))
    association = LABELLED if labelled else SHAPED if found_id else GUESSED
    if tail or above:
        association = min(association, PLACED)
    if findings.source not in EXACT and _cut_off(first, entries):
        association = GUESSED
    findings.add(f"{side}_name", whole, _name_text, label="名称", association=association)


def _cut_off(name: _Entry, entries: list[_Entry]) -> bool:
    """The name starts well to the right of every other value of the block, or has a hole: characters were not read."""
    if name.value is None:
        return False
    others = [e.value.x0 for e in entries if e is not name and e.value and len(e.value.key) > 8]
    late = len(others) >= 2 and name.value.x0 - max(others) > _LATE * name.value.height
    glyphs = name.value.glyphs
    hole = any(b.token != a.token and b.x0 - a.x1 > _HOLE * a.height for a, b in itertools.pairwise(glyphs))
    return late or hole


def _beside_name_label(entries: list[_Entry]) -> _Entry | None:
    """Print drifted off its label and no number to hold on to: the nearest loose text beside the label."""
    label = next((e for e in entries if e.label == "name"), None)
    loose = [e for e in entries if e.label is None and e.value and _name_like(e.value)]
    if label is None or not loose:
        return None
    nearest = min(loose, key=lambda e: abs(e.y - label.y))
    return nearest if abs(nearest.y - label.y) < 1.5 * nearest.height else None


def _line_above(labelled: _Entry, entries: list[_Entry]) -> _Entry | None:
    """A long name on two lines, with its label beside the lower one or half way between: its first line."""
    if labelled.value is None:
        return None
    for e in entries:
        near = e.value is not None and 0 < labelled.y - e.y < 1.5 * labelled.height
        if near and e.label is None and e.value and _name_like(e.value) and _under(labelled.value, e.value):
            return e
    return None


def _under(span: Span, name: Span) -> bool:
    """Begins where the line of the name begins, and is no number."""
    return abs(span.x0 - name.x0) < 0.6 * name.height and not TAX_ID.search(span.key)


def _last_character(span: Span, name: Span | None) -> bool:
    """One ideograph that did not fit on the name's line: it stands under the name's first."""
    if name is None or len(span.glyphs) != 1 or span.key in _STRIP or not "\u4e00" <= span.key <= "\u9fff":
        return False
    return _under(span, name)


def _name_like(span: Span) -> bool:
    key = span.key
    if WORDS.fullmatch(key.strip(BEFORE_WORDS)):
        return False  # the amount in words, of a print that missed its row
    return len(key) >= 2 and not TAX_ID.search(key) and re.search(r"[^\x00-\x7f]|[A-Za-z]{2}", key) is not None


def _name_text(text: str) -> str | None:
    return re.sub(r"^(.)[:：]", r"\1", _SPECKS.sub("", _LATIN.sub("", text)).strip(" :：;")) or None


def _said(name: str, value: Span | None) -> str:
    """Address or bank, by what the value itself says where the print missed its row: no telephone is as long as an
    account, and no account follows a street."""
    key = value.key if value else ""
    if name == "address_phone" and _ACCOUNT.search(key):
        return "bank_account"
    if name == "bank_account" and _STREET.search(key) and not _BANK_NAME.search(key):
        return "address_phone"
    return name


def _put_rest(findings: Findings, side: str, entries: list[_Entry], found_id: _Entry | None) -> None:
    for name in ("address_phone", "bank_account"):
        # print that missed its row may set the number beside this label
        labelled = [e for e in entries if e.label == name and e.value and not TAX_ID.fullmatch(e.value.key)]
        if not labelled:
            continue
        own = name if findings.source in EXACT else _said(name, labelled[0].value)
        if not findings.has(f"{side}_{own}"):
            association = LABELLED if own == name else SHAPED
            findings.add(f"{side}_{own}", labelled[0].value, _name_text, label=name, association=association)
    if found_id is None:
        return
    below = [e for e in entries if e.label is None and e.value and e.y > found_id.y]
    for entry in below:
        name = "bank_account" if entry.value and _BANK.search(entry.value.key) else "address_phone"
        if not findings.has(f"{side}_{name}"):
            findings.add(f"{side}_{name}", entry.value, _name_text, label=name, association=SHAPED)
