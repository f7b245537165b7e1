"""Names and tax ids of sellers and buyers, each pair once: found by any part, by pinyin, or with one wrong character.

A ledger of a million invoices has some tens of thousands of parties. Reads nothing and stores nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rapidfuzz.distance import Levenshtein

from matching.folding import fold_name, fold_tax_id
from matching.searching.sounds import initials, syllables
from matching.searching.words import Words

LEAST_FOR_SLIP = 3
MOST_COMPARED = 20_000  #: names that share a character or two with a misspelt one


class Parties:
    """Party 0 is nobody."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str | None, str | None], int] = {(None, None): 0}
        self._folded: list[str] = [""]
        self._by_tax_id: dict[str, list[int]] = {}
        self._by_name: dict[str, list[int]] = {}
        self._names = Words()
        self._tax_ids = Words()
        self._initials = Words()
        self._syllables = Words()

    def __len__(self) -> int:
        return len(self._folded)

    def number(self, name: str | None, tax_id: str | None) -> int:
        """The party's number; a new one is taken up."""
        known = self._numbers.get((name, tax_id))
        if known is not None:
            return known
        number = len(self._folded)
        self._numbers[name, tax_id] = number
        folded = fold_name(name)
        self._folded.append(folded)
        if name:
            self._by_name.setdefault(name, []).append(number)
        if folded:
            self._names.add(number, folded)
            for letters in initials(folded):
                self._initials.add(number, letters)
            self._syllables.add(number, syllables(folded))
        if tax_id:
            self._by_tax_id.setdefault(tax_id, []).append(number)
            self._tax_ids.add(number, fold_tax_id(tax_id))
        return number

    def found(self, text: str) -> set[int]:
        """Parties whose name, tax id or pinyin holds `text`."""
        folded = fold_name(text)
        parties = self._names.containing(folded)
        if text.isascii() and text.isalnum():
            if len(text) >= 4:
                parties |= self._tax_ids.containing(text.upper())
            if text.isalpha() and len(text) >= 2:
                parties |= self._initials.containing(text.lower())
                parties |= self._syllables.containing(text.lower()) if len(text) >= 3 else set()
        return parties

    def with_tax_id(self, part: str) -> set[int]:
        return self._tax_ids.containing(fold_tax_id(part))

    def exactly(self, tax_ids: Iterable[str], names: Iterable[str]) -> list[int]:
        """Parties with one of these ids or names, letter by letter."""
        found = [number for tax_id in tax_ids for number in self._by_tax_id.get(tax_id, ())]
        return found + [number for name in names for number in self._by_name.get(name, ())]

    def nearly(self, text: str) -> set[int]:
        """Parties whose name holds `text` but for one character: another, one more or one less."""
        folded = fold_name(text)
        if len(folded) < LEAST_FOR_SLIP or folded.isascii():
            return set()
        half = len(folded) // 2
        # one slip leaves one half whole
        alike = self._names.containing(folded[:half]) | self._names.containing(folded[half:])
        if len(alike) > MOST_COMPARED:
            return set()
        return {number for number in alike if nearly_within(folded, self._folded[number])}


def nearly_within(part: str, text: str) -> bool:
    """Whether some stretch of `text` is `part` but for one character: one half of it is there whole."""
    half = len(part) // 2
    head, tail = part[:half], part[half:]
    for begin in _places(head, text):
        rest = text[begin + half :]
        for size in (len(tail), len(tail) + 1, len(tail) - 1):
            if Levenshtein.distance(tail, rest[:size], score_cutoff=1) <= 1:
                return True
    for end in _places(tail, text):
        for size in (half, half + 1, half - 1):
            if Levenshtein.distance(head, text[max(end - size, 0) : end], score_cutoff=1) <= 1:
                return True
    return False


def _places(part: str, text: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)
