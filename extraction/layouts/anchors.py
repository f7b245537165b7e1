"""Where item rows begin: at an amount of the amount column. On pictures also at what is left of one, beside figures of
its row, and, where no amount was read at all, at the name of a row: its other cells stay blank, to be looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extraction.layouts.cells import ITEM_AMOUNT, Cell, Item

LIST_ATTACHED = re.compile(r"详见.{0,2}[销货]货?清单|详见清单|见销货清单|详见销")
SHORT_NAME = re.compile(r"\*([\u4e00-\u9fffA-Za-z（）()、]{2,20})\*.")
#: figures with a point and a sign or two that no amount has; items print no ¥, 合计 does
_DAMAGED = re.compile(r"(?=(?:\D*\d){3})(?=.*[.,])(?!.*¥)(?!(?:.*[^\d.,\-]){3})[-+]?\S+")
_FIGURES = ("unit_price", "tax_rate", "tax_amount")
_LEAST_FIGURES = 2  #: of a row whose amount was not read
_SAME_ROW = 0.9  #: of a line's height


def find_items(placed: Sequence[Cell], *, exact: bool) -> tuple[list[Item], list[Cell]]:
    """The item rows, from top to bottom, each with its amount if it was read, and the cells that are yet to be shared
    out among them. `exact`: the cells of a text layer."""
    amounts = [cell for cell in placed if cell.column == "amount_excl_tax"]
    anchors = [cell for cell in amounts if ITEM_AMOUNT.fullmatch(cell.span.key)]
    damaged = [] if exact else [cell for cell in amounts if _damaged(cell, anchors, placed)]
    if not exact and not anchors and not damaged:
        anchors = [cell for cell in placed if _names_an_item(cell)]
    covered = [] if exact else [cell for cell in placed if _covered(cell, [*anchors, *damaged], placed)]
    damaged += covered
    items = [Item(cell.span.centre_y, cell.span.height, {cell.column: [cell]}) for cell in (*anchors, *damaged)]
    for item in items[len(anchors) : len(items) - len(covered)]:
        item.take_out("amount_excl_tax")
    rest = [cell for cell in placed if cell not in anchors and cell not in damaged]
    return sorted(items, key=lambda item: item.y), rest


def _damaged(cell: Cell, anchors: Sequence[Cell], placed: Sequence[Cell]) -> bool:
    """An amount misread in a sign, in a row that has no other and whose rate, price or tax was read."""
    if ITEM_AMOUNT.fullmatch(cell.span.key) or not _DAMAGED.fullmatch(cell.span.key):
        return False
    if any(abs(anchor.span.centre_y - cell.span.centre_y) <= _SAME_ROW * anchor.span.height for anchor in anchors):
        return False
    return any(
        other.column in _FIGURES
        and any(character.isdigit() for character in other.span.key)
        and abs(other.span.centre_y - cell.span.centre_y) <= 0.5 * cell.span.height
        for other in placed
    )


def _covered(cell: Cell, known: Sequence[Cell], placed: Sequence[Cell]) -> bool:
    """An item's name in a row that has figures and no amount: a stamp lies on it."""
    if not (cell.column == "item_name" and SHORT_NAME.match(cell.span.key)):
        return False
    if any(abs(other.span.centre_y - cell.span.centre_y) <= _SAME_ROW * other.span.height for other in known):
        return False
    level = [
        other
        for other in placed
        if other.column in ("quantity", *_FIGURES)
        and any(character.isdigit() for character in other.span.key)
        and abs(other.span.centre_y - cell.span.centre_y) <= 0.5 * cell.span.height
    ]
    return len(level) >= _LEAST_FIGURES


def _names_an_item(cell: Cell) -> bool:
    text = cell.span.key
    return cell.column == "item_name" and bool(LIST_ATTACHED.search(text) or SHORT_NAME.match(text))
