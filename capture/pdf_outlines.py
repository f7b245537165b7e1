"""Reads a PDF page's content without its drawn outlines: letters and seals drawn as curves, coordinate by coordinate.

pdfminer reads every number of such a path in Python, which costs more than all the rest of the page. Here a run of
path operators is taken out of the content before it is parsed, and dropped where no step of it is as long as the
shortest rule; a run with a longer step is given back and read as it always was. What is left over is therefore the
same, character for character and rule for rule. A stream in which text and drawing cannot be told apart for sure is
read whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import PDFStream, stream_value

_LEAST_RUN = 200  #: bytes; below this nothing is gained
_TOO_SHORT_BY = 0.01  #: a step that nearly makes a rule is read in full: no rounding may decide
_NUMBER = rb"[-+]?(?:\d++(?:\.\d*+)?+|\.\d++)"
_POINT = _NUMBER + rb"\s++" + _NUMBER + rb"\s++"
_CURVE = rb"(?:" + _POINT + rb"){3}c|(?:" + _POINT + rb"){2}[vy]"
#: strings, names, comments and paths that nothing paints are passed over; a lone parenthesis or an inline picture makes
#: the stream unfit. Nothing is tried twice: content may be made to take long.
_PIECES = re.compile(
    rb"\((?:[^()\\]|\\.)*+\)|%[^\r\n]*+|/[^\s()<>\[\]{}/%]*+"
    rb"|(?P<unfit>[()]|(?<!\S)BI(?=\s))"
    rb"|(?<!\S)" + _POINT + rb"m\s++(?:(?:" + _POINT + rb"[ml]|" + _CURVE + rb"|h)\s++)*+"
    rb"(?P<painted>(?:W\*?\s+)?(?:f\*|B\*|b\*|[fSsBbn])(?!\S))?",
    re.DOTALL,
)
#: the end point of an operator, or the closing of a subpath; control points of curves are no ends
_ENDS = re.compile(rb"(" + _NUMBER + rb")\s+(" + _NUMBER + rb")\s+([mlcvy])(?!\S)")


class OutlineFreeInterpreter(PDFPageInterpreter):
    """pdfminer's interpreter, to which outlines of less than `shortest` points a step do not come."""

    shortest = 6.0

    def execute(self, streams: Sequence[object]) -> None:
        self._runs: list[bytes] = []
        contents = [stream_value(stream) for stream in streams]
        shortened = [self._without_runs(content.get_data()) for content in contents]
        if self._runs and all(data is not None for data in shortened):
            contents = [_stream(like, data) for like, data in zip(contents, shortened, strict=True) if data is not None]
        super().execute(contents)

    def _without_runs(self, data: bytes) -> bytes | None:
        """`data` with an operator of ours in the place of each long run of path operators; None where unfit."""
        if len(data) < _LEAST_RUN:
            return data
        out: list[bytes] = []
        end = 0
        for piece in _PIECES.finditer(data):
            if piece["unfit"]:
                return None
            if piece["painted"] and piece.end() - piece.start() >= _LEAST_RUN:
                out += [data[end : piece.start()], b"%d outline" % len(self._runs)]
                self._runs.append(piece[0])
                end = piece.end()
        return b"".join((*out, data[end:]))

    def do_outline(self, index: Any) -> None:
        """Our own operator: a run that was taken out. Read after all where it holds a rule or continues a path."""
        if not isinstance(index, int) or index >= len(self._runs):
            return  # the document's own word, no operator of PDF
        run = self._runs[index]
        if self.curpath or self._longest_step(run) > self.shortest - _TOO_SHORT_BY:
            self._replay(run)

    def _longest_step(self, run: bytes) -> float:
        """Of all subpaths, their closing step included, along the page's x or y."""
        if self.device.ctm is None:
            return float("inf")
        a, b, c, d, _, _ = self.device.ctm  # what paths are painted with, which after a form is not always our own
        longest = 0.0
        subpath: list[tuple[float, float]] = []
        for raw_x, raw_y, operator in [*_ENDS.findall(run), (b"0", b"0", b"m")]:
            x, y = float(raw_x), float(raw_y)
            if operator == b"m":
                for (x0, y0), (x1, y1) in pairwise((*subpath, *subpath[:1])):
                    longest = max(longest, abs(x1 - x0), abs(y1 - y0))
                subpath = []
            subpath.append((a * x + c * y, b * x + d * y))
        return longest

    def _replay(self, run: bytes) -> None:
        for numbers, operator in _operations(run):
            getattr(self, f"do_{operator.replace('*', '_a')}")(*numbers)


def _operations(run: bytes) -> list[tuple[list[float], str]]:
    """The run's operators with their numbers, as pdfminer would give them."""
    found: list[tuple[list[float], str]] = []
    numbers: list[float] = []
    for word in run.split():
        if word[-1:].isdigit() or word[-1:] == b".":
            numbers.append(float(word) if b"." in word else int(word))
        else:
            found.append((numbers, word.decode("ascii")))
            numbers = []
    return found


def _stream(like: PDFStream, data: bytes) -> PDFStream:
    """A stream of `data` that is known by the same number: pdfminer tells circles of references by it."""
    made = PDFStream({}, data)
    if like.objid is not None and like.genno is not None:
        made.set_objid(like.objid, like.genno)
    return made
