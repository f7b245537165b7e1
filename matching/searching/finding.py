"""Answers a search from the index: ids, exact ones first and newest first, then those that are one slip away.

Every term must hold, each in any field where it can. What a person may see is narrowed here too, before anything is
counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from matching.searching.asking import Amount, Days, Term, Word
from matching.searching.index import Contents, Kind, SearchIndex
from matching.searching.numbers import Mask, rows_of
from matching.searching.shelf import Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Seen is what names one of these companies, or none of the others, or what the user uploaded."""

    tax_ids: frozenset[str]
    names: frozenset[str]
    other_tax_ids: frozenset[str]
    other_names: frozenset[str]
    other_imports: frozenset[int]  #: what they brought belongs to the others where no party is one of ours
    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked for; empty values do not narrow."""

    terms: tuple[Term, ...] = ()
    statuses: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    direction: str = ""
    first: date | None = None
    last: date | None = None
    least: int | None = None  #: 分
    most: int | None = None
    tax_id: str = ""  #: part of the seller's or the buyer's
    nearly: bool = False  #: also what is one slip away; without exact hits that is looked for anyway
    owner: int | None = None  #: only what this user uploaded
    bounds: Bounds | None = None  #: only what somebody limited to some of our companies sees


@dataclass(frozen=True, slots=True)
class Place:
    """Where the last page ended."""

    nearly: bool
    key: int


@dataclass(frozen=True, slots=True)
class Hit:
    id: int
    nearly: bool  #: one digit or character differs


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits. `nearly` is None where nobody has looked for what is one slip away."""

    hits: tuple[Hit, ...]
    exact: int
    nearly: int | None
    next: Place | None


NOTHING = Found((), 0, None, None)


def find(index: SearchIndex, kind: Kind, asked: Asked, *, limit: int, after: Place | None = None) -> Found:
    """A page of what is asked for. Call `index.follow` first."""
    with index.lock:
        contents = index.contents
        if contents is None or not len(contents.shelves[kind]):
            return NOTHING
        return _Search(contents, contents.shelves[kind], asked).page(limit, after)


def count(index: SearchIndex, kind: Kind, asked: Asked) -> int:
    """How many hold exactly."""
    with index.lock:
        contents = index.contents
        if contents is None or not len(contents.shelves[kind]):
            return 0
        return int(np.count_nonzero(_Search(contents, contents.shelves[kind], asked).exact))


class _Search:
    def __init__(self, contents: Contents, shelf: Shelf, asked: Asked) -> None:
        self.contents = contents
        self.shelf = shelf
        self.asked = asked
        self.narrowed = self._narrowed()
        self.by_term = [self._holding(term) for term in asked.terms]
        self.exact = self._all_of(self.by_term)

    def page(self, limit: int, after: Place | None) -> Found:
        total = int(np.count_nonzero(self.exact))
        hits: list[tuple[int, bool]] = []
        if after is None or not after.nearly:
            hits = [(key, False) for key in self._newest(self.exact, limit + 1, after.key if after else None)]
        near: int | None = None
        if len(hits) <= limit and (self.asked.nearly or not total):
            nearly = self._nearly()
            near = int(np.count_nonzero(nearly))
            before = after.key if after and after.nearly else None
            hits += [(key, True) for key in self._newest(nearly, limit + 1 - len(hits), before)]
        shown, more = hits[:limit], len(hits) > limit
        ids = tuple(Hit(key & ((1 << 40) - 1), nearly) for key, nearly in shown)
        last = Place(shown[-1][1], shown[-1][0]) if more else None
        return Found(ids, total, near, last)

    def _newest(self, mask: Mask, wanted: int, before: int | None) -> list[int]:
        keys = self.shelf.column("key")[rows_of(mask)]
        if before is not None:
            keys = keys[keys < before]
        if len(keys) > 4 * wanted:
            keys = np.partition(keys, len(keys) - wanted)[-wanted:]
        return [int(key) for key in np.sort(keys)[::-1][:wanted]]

    def _all_of(self, masks: Sequence[Mask]) -> Mask:
        kept = self.narrowed.copy()
        for mask in masks:
            kept &= mask
        return kept

    def _narrowed(self) -> Mask:
        asked, shelf = self.asked, self.shelf
        kept = shelf.alive()
        if asked.owner is not None:
            kept &= shelf.owned_by(asked.owner)
        if asked.bounds is not None:
            kept &= self._within(asked.bounds)
        for column, words in (("status", asked.statuses), ("kind", asked.kinds)):
            if words:
                kept &= shelf.coded(column, words)
        if asked.direction:
            kept &= shelf.coded("direction", (asked.direction,))
        if asked.first or asked.last:
            kept &= shelf.on_days((asked.first or date(1, 1, 2)).toordinal(), (asked.last or date.max).toordinal())
        if asked.least is not None or asked.most is not None:
            furthest = 10**15
            kept &= shelf.between(
                -furthest if asked.least is None else asked.least, furthest if asked.most is None else asked.most
            )
        if asked.tax_id:
            kept &= shelf.with_party(self.contents.parties.with_tax_id(asked.tax_id))
        return kept

    def _within(self, bounds: Bounds) -> Mask:
        parties = self.contents.parties
        seen = self.shelf.of_parties(
            parties.exactly(bounds.tax_ids, bounds.names),
            parties.exactly(bounds.other_tax_ids, bounds.other_names),
            bounds.other_imports,
        )
        return seen | self.shelf.owned_by(bounds.user_id)

    def _holding(self, term: Term) -> Mask:
        shelf = self.shelf
        if isinstance(term, Amount):
            return shelf.between(term.least, term.most)
        if isinstance(term, Days):
            return shelf.on_days(term.first.toordinal(), term.last.toordinal())
        mask = shelf.saying(self.contents.words.containing(term.text.casefold()))
        if term.is_number:
            mask |= shelf.with_number(term.text)
            if len(term.text) >= 4:
                mask |= shelf.with_party(self.contents.parties.with_tax_id(term.text))
        else:
            mask |= shelf.with_party(self.contents.parties.found(term.text))
        if term.fen is not None:
            mask |= shelf.between(term.fen, term.fen)
        return mask

    def _nearly(self) -> Mask:
        """What holds when each word may have one slip, without what holds exactly."""
        words = [term for term in self.asked.terms if isinstance(term, Word)]
        if not words:
            return np.zeros(len(self.shelf), dtype=np.bool_)
        masks = [
            exact | self._nearly_holding(term) if isinstance(term, Word) else exact
            for term, exact in zip(self.asked.terms, self.by_term, strict=True)
        ]
        return self._all_of(masks) & ~self.exact

    def _nearly_holding(self, word: Word) -> Mask:
        if word.is_number:
            return self.shelf.nearly_with_number(word.text)
        return self.shelf.with_party(self.contents.parties.nearly(word.text))
