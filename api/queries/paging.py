"""Paging by cursor: the sort key of the last row, opaque to the caller, stable while rows arrive."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from models.errors import RequestError

Row = TypeVar("Row")
PAGE = 30
LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """One page of rows and the cursor of the next, None on the last page."""

    rows: Sequence[Row]
    next_cursor: str | None


def encode(*key: str | int) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def decode(cursor: str, length: int) -> list[str | int]:
    """The key inside a cursor; `invalid_request` for anything this service did not make."""
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as damaged:
        raise RequestError("invalid_request", what="cursor") from damaged
    if not isinstance(key, list) or len(key) != length or not all(isinstance(part, str | int) for part in key):
        raise RequestError("invalid_request", what="cursor")
    return key


def page_size(limit: int | None) -> int:
    return min(max(1, limit or PAGE), LARGEST_PAGE)
