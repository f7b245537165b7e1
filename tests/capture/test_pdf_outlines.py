"""Outlines leave a PDF's content before it is parsed; characters and rules are those that pdfplumber finds alone."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import numpy as np
import pdfplumber
import pytest
from reportlab.pdfgen.canvas import Canvas

from capture.pdf_covered import Face
from capture.pdf_objects import Object, read_objects
from capture.pdf_outlines import OutlineFreeInterpreter
from capture.pdf_text import SHORTEST_RULE

Draw = Callable[[Canvas], None]


def inked() -> Face:
    """A picture with ink everywhere: nothing is hidden."""
    chequered = np.indices((842, 842)).sum(axis=0) % 2 * 255
    return Face.of(np.repeat(chequered[:, :, None], 3, axis=2).astype(np.uint8), (0, 0, 842, 842))


def letter(canvas: Canvas, x: float, y: float, step: float = 2.0, *, code: str = "f") -> None:
    """An outline like a seal's letter: many short curves, two subpaths."""
    words = [f"{x} {y} m"]
    for i in range(12):
        words.append(f"{x + i % 4} {y + 1} {x + i % 4} {y + 2.5} {x + i % 4 + step} {y + step} c")
        words.append(f"{x + i % 4 + 1} {y} l")
    words += ["h", f"{x + 3} {y + 1} m", f"{x + 4} {y + 1.5} l", f"{x + 4} {y + 3} {x + 3} {y + 1} v", "h", code]
    canvas._code.append(" ".join(words))  # the canvas has no public way to write an operator


def letters(canvas: Canvas) -> None:
    for i in range(5):
        letter(canvas, 50 + 20 * i, 300)


def rule_in_an_outline(canvas: Canvas) -> None:
    letter(canvas, 50, 300, 40.0)


def enlarged(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.scale(4, 4)
    letter(canvas, 20, 50)
    canvas.restoreState()


def turned_small(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.rotate(30)
    canvas.scale(0.1, 0.1)
    letter(canvas, 900, 900, 40.0)
    canvas.restoreState()


def text_that_looks_like_drawing(canvas: Canvas) -> None:
    canvas.drawString(40, 500, "1 2 m 3 4 l 5 6 l 7 8 l 9 9 l 1 2 l 3 4 l f (a) \\ " * 6)


def closing_step_is_a_rule(canvas: Canvas) -> None:
    points = " ".join(f"{50 + 2 * i} {300 + i % 2} l" for i in range(1, 30))
    canvas._code.append(f"50 300 m {points} h f")


def path_left_open(canvas: Canvas) -> None:
    canvas._code.append("10 10 m 90 10 l F")  # pdfminer neither paints nor forgets it
    letters(canvas)


def code_of_squares(canvas: Canvas) -> None:
    squares = " ".join(f"n {50 + 3 * (i % 7)} {300 + 3 * (i // 7)} 3 -3 re f*" for i in range(49))
    canvas._code.append(squares)


def rule_among_squares(canvas: Canvas) -> None:
    code_of_squares(canvas)
    canvas._code.append("n 40 250 320 2 re 40 240 m 44 240 l f 40 230 m 200 230 l S")
    code_of_squares(canvas)


def turned_squares(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.transform(2, 1.5, -1.5, 2, 300, -200)
    code_of_squares(canvas)
    canvas.restoreState()


def path_that_nothing_paints(canvas: Canvas) -> None:
    code_of_squares(canvas)
    canvas._code.append("n 40 250 320 2 re 40 240 m 90 240 l q Q")
    letters(canvas)


def clipped(canvas: Canvas) -> None:
    letter(canvas, 60, 300, code="W n")
    letter(canvas, 60, 330, code="B*")


def picture_in_the_content(canvas: Canvas) -> None:
    letters(canvas)
    canvas._code.append("q 10 0 0 10 5 5 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x20 EI Q")


def in_a_form(canvas: Canvas) -> None:
    canvas.beginForm("seal")
    letters(canvas)
    canvas.rect(10, 10, 50, 20)
    canvas.endForm()
    canvas.doForm("seal")


def page(draw: Draw, *, rotated: int = 0) -> pdfplumber.page.Page:
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=(400, 600), pageCompression=1)
    canvas.setPageRotation(rotated)
    canvas.drawString(40, 550, "No. 12345678")
    canvas.line(40, 540, 360, 540)
    canvas.rect(40, 100, 320, 60)
    draw(canvas)
    canvas.drawString(40, 60, "end")
    canvas.save()
    return pdfplumber.open(io.BytesIO(data.getvalue())).pages[0]


def places(objects: list[Object]) -> list[tuple[float, ...]]:
    """Of those that may be rules."""
    boxes = [tuple(float(o[side]) for side in ("x0", "top", "x1", "bottom")) for o in objects]
    return [box for box in boxes if max(box[2] - box[0], box[3] - box[1]) >= SHORTEST_RULE]


@pytest.mark.parametrize("rotated", [0, 90])
@pytest.mark.parametrize(
    "draw",
    [
        letters,
        rule_in_an_outline,
        enlarged,
        turned_small,
        text_that_looks_like_drawing,
        closing_step_is_a_rule,
        path_left_open,
        code_of_squares,
        rule_among_squares,
        turned_squares,
        path_that_nothing_paints,
        clipped,
        picture_in_the_content,
        in_a_form,
    ],
)
def test_characters_and_rules_are_those_of_the_whole_content(draw: Draw, rotated: int) -> None:
    whole = page(draw, rotated=rotated)
    characters, edges, *_ = read_objects(page(draw, rotated=rotated), SHORTEST_RULE, inked)
    kept = ("x0", "x1", "top", "bottom", "size", "upright", "text")
    assert [[c[k] for k in kept] for c in characters] == [[c[k] for k in kept] for c in whole.chars]
    assert places(edges) == places(whole.edges)
    assert len(characters) >= len("No. 12345678end")


@pytest.mark.parametrize("unpainted", ["0 0 m ", "0 0 l 1 1 m ", "(", "1 2 3 ", "9" * 6, "0 0 1 1 re "])
def test_content_that_paints_nothing_takes_no_time(unpainted: str) -> None:
    started = time.process_time()
    OutlineFreeInterpreter(None, None)._without_runs(unpainted.encode() * 100_000)  # type: ignore[arg-type]
    assert time.process_time() - started < 2.0


def test_short_outlines_are_not_even_seen() -> None:
    _, edges, *_ = read_objects(page(letters), SHORTEST_RULE, inked)
    assert len(edges) == 5  # the line and the rectangle's sides
    assert len(page(letters).edges) > 100


def test_of_a_run_only_the_paths_with_a_rule_are_seen() -> None:
    _, edges, *_ = read_objects(page(rule_among_squares), SHORTEST_RULE, inked)
    assert len(edges) == 5 + (4 + 1) + 1  # the rectangle with the stroke that is painted with it, and the last line


@pytest.mark.parametrize("compressed", [True, False])
def test_content_in_ascii85_is_the_same(compressed: bool) -> None:
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=(400, 600), pageCompression=int(compressed))
    canvas.drawString(40, 550, "No. 12345678")
    canvas.save()
    assert (b"ASCII85Decode" in data.getvalue()) is compressed
    opened = pdfplumber.open(io.BytesIO(data.getvalue())).pages[0]
    assert "".join(c["text"] for c in read_objects(opened, SHORTEST_RULE, inked)[0]) == "No. 12345678"
