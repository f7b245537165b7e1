"""What a known export looks like: header aliases per column of ours. Adding a format is one file in this folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

from models.ledger import Direction


class Authority(IntEnum):
    """Whose word stands when two imports disagree on one invoice."""

    SUPPLEMENT = 0  #: our own approved draft
    TYPED = 1  #: an ERP, where people type
    BUREAU = 2  #: the tax account itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """`columns` maps our column to the headers it has borne; `marks` must all be there."""

    name: str  #: stored on the import
    grain: Literal["invoice", "line"]
    columns: Mapping[str, tuple[str, ...]]
    marks: tuple[tuple[str, ...], ...]  #: each entry: any one of these columns
    authority: Authority
    sheet_prefixes: tuple[str, ...] = ()  #: names the bureau gives such sheets; empty: any name
    direction: Direction | None = None  #: fixed by the kind of export
    line_columns: tuple[str, ...] = field(default=())  #: columns that belong to the row, not to the invoice
