"""Everything searchable of one kind of thing as columns in memory: records, captured invoices, or drafts.

A row is changed by striking it out and adding it anew. What is found are ids; the caller reads the rows themselves
from the database, so that what is shown is never older than the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.searching.numbers import Digits, Mask
from matching.searching.parties import Parties
from matching.searching.words import Words

NO_MONEY = -(2**62)
MOST_KEPT = 8  #: a byte a row each
DAY_SHIFT = 40  #: newest first: day of issue above, id below


class Entry(NamedTuple):
    """What can be looked for in one thing."""

    id: int
    number: str  #: 20 digits
    second: str  #: code and number of older kinds
    day: int  #: ordinal of the day of issue, 0 where unknown
    gross: int | None
    net: int | None
    seller: tuple[str | None, str | None]
    buyer: tuple[str | None, str | None]
    status: str
    kind: str
    direction: str
    owner: int  #: who uploaded it, 0 for nobody
    texts: tuple[str, ...]
    brought_by: int = 0  #: of a record, the import


class Grown:
    """An array that is appended to."""

    def __init__(self, dtype: str) -> None:
        self._data: NDArray[Any] = np.empty(0, dtype=dtype)
        self.size = 0

    def append(self, values: Sequence[int]) -> None:
        needed = self.size + len(values)
        if needed > len(self._data):
            grown = np.empty(needed + needed // 4, dtype=self._data.dtype)
            grown[: self.size] = self._data[: self.size]
            self._data = grown
        self._data[self.size : needed] = values
        self.size = needed

    @property
    def all(self) -> NDArray[Any]:
        return self._data[: self.size]


class Codes:
    """Small numbers for a few words."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def of(self, word: str) -> int:
        return self._codes.setdefault(word, len(self._codes))

    def known(self, words: Iterable[str]) -> list[int]:
        return [self._codes[word] for word in words if word in self._codes]


class Shelf:
    """The columns of one kind. `parties` and `words` are shared with the other kinds."""

    def __init__(self, parties: Parties, words: Words, numbers_of_words: dict[int, int]) -> None:
        self.parties = parties
        self.words = words
        self._numbers_of_words = numbers_of_words
        self.codes = Codes()
        self.numbers = Digits()
        self.seconds = Digits()
        self._second_rows = Grown("intp")
        self._columns = {
            name: Grown(dtype)
            for name, dtype in {
                "id": "int64", "key": "int64", "day": "int32", "gross": "int64", "net": "int64", "seller": "intp",
                "buyer": "intp", "status": "int16", "kind": "int16", "direction": "int16", "owner": "int32",
                "brought_by": "int32", "alive": "bool",
            }.items()
        }  # fmt: skip
        self._of_parties: dict[tuple[frozenset[int], frozenset[int], frozenset[int]], Mask] = {}  #: latest last
        self._said_row = Grown("intp")
        self._said_word = Grown("intp")

    def __len__(self) -> int:
        return self._columns["id"].size

    def column(self, name: str) -> NDArray[Any]:
        return self._columns[name].all

    def add(self, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        first = len(self)
        columns = self._columns
        columns["id"].append([e.id for e in entries])
        columns["key"].append([(e.day << DAY_SHIFT) + e.id for e in entries])
        columns["day"].append([e.day for e in entries])
        columns["gross"].append([NO_MONEY if e.gross is None else e.gross for e in entries])
        columns["net"].append([NO_MONEY if e.net is None else e.net for e in entries])
        columns["seller"].append([self.parties.number(*e.seller) for e in entries])
        columns["buyer"].append([self.parties.number(*e.buyer) for e in entries])
        columns["status"].append([self.codes.of(e.status) for e in entries])
        columns["kind"].append([self.codes.of(e.kind) for e in entries])
        columns["direction"].append([self.codes.of(e.direction) for e in entries])
        columns["owner"].append([e.owner for e in entries])
        columns["brought_by"].append([e.brought_by for e in entries])
        columns["alive"].append([True] * len(entries))
        self.numbers.append([e.number for e in entries])
        with_second = [(row, e.second) for row, e in enumerate(entries, first) if e.second]
        self.seconds.append([second for _, second in with_second])
        self._second_rows.append([row for row, _ in with_second])
        said = [(row, self._word(said)) for row, e in enumerate(entries, first) for said in e.texts if said]
        self._said_row.append([row for row, _ in said])
        self._said_word.append([word for _, word in said])

    def say(self, said: Sequence[tuple[int, str]]) -> None:
        """Further texts of things that are here: id and text. Ids that are not here are passed over."""
        if not said:
            return
        rows = self._rows_of([id_ for id_, _ in said])
        found = [(int(row), self._word(text)) for row, (_, text) in zip(rows, said, strict=True) if row >= 0]
        self._said_row.append([row for row, _ in found])
        self._said_word.append([word for _, word in found])

    def strike_out(self, ids: Iterable[int]) -> None:
        gone = np.fromiter(ids, dtype=np.int64)
        if len(gone) and len(self):
            alive = self.column("alive")
            alive[np.isin(self.column("id"), gone)] = False

    def _rows_of(self, ids: Sequence[int]) -> NDArray[np.int64]:
        """The newest row of each id, -1 for none."""
        mine = self.column("id")
        order = np.argsort(mine, kind="stable")
        at = np.searchsorted(mine, np.asarray(ids), side="right", sorter=order) - 1
        rows: NDArray[np.int64] = np.where(at >= 0, order[np.maximum(at, 0)], -1)
        rows[mine[np.maximum(rows, 0)] != np.asarray(ids)] = -1
        return rows

    def _word(self, text: str) -> int:
        """Number of a text; equal ones are kept once, told by their hash alone."""
        folded = text.casefold()
        key = hash(folded)
        number = self._numbers_of_words.get(key)
        if number is None:
            number = self._numbers_of_words[key] = len(self.words)
            self.words.add(number, folded)
        return number

    # what holds, as a mask over the rows

    def alive(self) -> Mask:
        return self.column("alive").astype(np.bool_)

    def with_number(self, part: str) -> Mask:
        found = self.numbers.containing(part)
        if self.seconds.size:
            found[self._second_rows.all[self.seconds.containing(part)]] = True
        return found

    def nearly_with_number(self, part: str) -> Mask:
        found = np.zeros(len(self), dtype=np.bool_)
        found[self.numbers.nearly_containing(part)] = True
        if self.seconds.size:
            found[self._second_rows.all[self.seconds.nearly_containing(part)]] = True
        return found

    def with_party(self, parties: set[int]) -> Mask:
        if not parties:
            return np.zeros(len(self), dtype=np.bool_)
        wanted = np.zeros(max(len(self.parties), 1), dtype=np.bool_)
        wanted[list(parties)] = True
        found: Mask = wanted[self.column("seller")]
        found |= wanted[self.column("buyer")]
        return found

    def saying(self, words: set[int]) -> Mask:
        found = np.zeros(len(self), dtype=np.bool_)
        if words and self._said_word.size:
            wanted = np.zeros(len(self.words), dtype=np.bool_)
            wanted[list(words)] = True
            found[self._said_row.all[wanted[self._said_word.all]]] = True
        return found

    def between(self, least: int, most: int) -> Mask:
        """Gross or net amount in 分, both ends included."""
        gross, net = self.column("gross"), self.column("net")
        if least == most:
            same: Mask = (gross == least) | (net == least)
            return same
        found: Mask = ((gross >= least) & (gross <= most)) | ((net >= least) & (net <= most))
        return found

    def on_days(self, first: int, last: int) -> Mask:
        days = self.column("day")
        found: Mask = (days >= first) & (days <= last)
        return found

    def coded(self, column: str, words: Iterable[str]) -> Mask:
        found: Mask = np.isin(self.column(column), self.codes.known(words))
        return found

    def owned_by(self, user_id: int) -> Mask:
        found: Mask = self.column("owner") == user_id
        return found

    def of_parties(self, mine: Sequence[int], others: Sequence[int], other_imports: frozenset[int]) -> Mask:
        """Rows with one of mine as a party; or none of the others, and not brought by one of their imports.

        The same people ask again and again: what was told last is kept until rows are added.
        """
        asked = (frozenset(mine), frozenset(others), other_imports)
        known = self._of_parties.pop(asked, None)
        if known is None or len(known) != len(self):
            known = self._told_by_parties(mine, others, other_imports)
        self._of_parties[asked] = known
        if len(self._of_parties) > MOST_KEPT:
            del self._of_parties[next(iter(self._of_parties))]
        return known

    def _told_by_parties(self, mine: Sequence[int], others: Sequence[int], other_imports: frozenset[int]) -> Mask:
        sides = np.zeros(max(len(self.parties), 1), dtype=np.uint8)
        sides[list(mine)] = 1
        sides[list(others)] |= 2
        named = sides[self.column("seller")]
        named |= sides[self.column("buyer")]
        others_own: Mask = np.isin(self.column("brought_by"), np.fromiter(other_imports, dtype=np.int32))
        others_own |= (named & 2).astype(np.bool_)
        seen: Mask = (named & 1).astype(np.bool_) | ~others_own
        return seen
