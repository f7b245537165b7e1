"""Reads a PDF page's content without its drawn outlines: letters and seals drawn as curves, coordinate by coordinate,
and codes drawn as small squares.

pdfminer reads every number of such a path in Python, which costs more than all the rest of the page. Here a run of
path operators is taken out of the content before it is parsed, and each of its paths dropped where no step of it is as
long as the shortest rule; a path with a longer step is given back and read as it always was. What is left over is the
same, character for character and rule for rule. A stream in which text and drawing cannot be told apart for sure is
read whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from pdfminer.ascii85 import end_re, start_re
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import LITERALS_ASCII85_DECODE, PDFStream, list_value, resolve1, stream_value
from pdfminer.psparser import PSKeyword, PSLiteral, literal_name
from pdfminer.utils import MATRIX_IDENTITY, Matrix, apply_matrix_pt, mult_matrix

from capture import ascii85
from capture.pdf_content import operations
from capture.pdf_seen import Region, SeenText, misnames, unmeasured

_LEAST_RUN = 200  #: bytes; below this nothing is gained
_TOO_SHORT_BY = 0.01  #: a step that nearly makes a rule is read in full: no rounding may decide
_NUMBER = rb"[-+]?(?:\d++(?:\.\d*+)?+|\.\d++)"
_POINT = _NUMBER + rb"\s++" + _NUMBER + rb"\s++"
_CURVE = rb"(?:" + _POINT + rb"){3}c|(?:" + _POINT + rb"){2}[vy]"
_SUBPATH = (
    rb"(?:(?:" + _POINT + rb"){2}re|" + _POINT + rb"m(?:\s++(?:" + _POINT + rb"[ml]|" + _CURVE + rb"|h)(?!\S))*+)(?!\S)"
)
#: strings, names, comments and paths that nothing paints are passed over; a lone parenthesis or an inline picture makes
#: the stream unfit. A path that nothing paints is tried twice at most: content may be made to take long.
_PIECES = re.compile(
    rb"\((?:[^()\\]|\\.)*+\)|%[^\r\n]*+|/[^\s()<>\[\]{}/%]*+"
    rb"|(?P<unfit>[()]|(?<!\S)BI(?=\s))"
    rb"|(?<!\S)(?P<painted>(?:(?:(?:" + _SUBPATH + rb"\s++)++(?:f\*|B\*|b\*|[fSsBbn])|n)(?!\S)\s*+)++)"
    rb"|(?<!\S)(?:" + _SUBPATH + rb"\s*+)++",
    re.DOTALL,
)
_PATHS = re.compile(rb".*?(?<!\S)[fSsBbn]\*?(?!\S)", re.DOTALL)
_OPERATORS = re.compile(rb"[A-Za-z]+")
_NO_NUMBER = bytes(range(ord("A"), ord("z") + 1)) + b"*"
_OPERANDS = {b"m": 2, b"l": 2, b"c": 6, b"v": 4, b"y": 4, b"re": 4}
_NOT_BLENDED = ("Normal", "Compatible")
_PAINTING = frozenset((b"f", b"S", b"s", b"B", b"b", b"n"))


class OutlineFreeInterpreter(PDFPageInterpreter):
    """pdfminer's interpreter, to which outlines of less than `shortest` points a step do not come."""

    shortest = 6.0
    device: SeenText

    def execute(self, streams: Sequence[object]) -> None:
        self._runs: list[bytes] = []
        contents = [stream_value(stream) for stream in streams]
        unpacked = [_unpacked(content) for content in contents]
        shortened = [data for whole in unpacked if (data := self._without_runs(whole)) is not None]
        if self._runs and len(shortened) == len(contents):
            unpacked = shortened
            contents = [_stream(like, data) for like, data in zip(contents, unpacked, strict=True)]
        known = {content.objid for content in contents}
        taken_apart = operations(b"\n".join(unpacked)) if known.isdisjoint((None, *self.parent_stream_ids)) else None
        if taken_apart is None:
            self.device.pictures = True  # one inside the stream, for all that is known
            super().execute(contents)
        else:
            self.stream_ids = {number for number in known if number is not None}
            self._perform(taken_apart)

    def _perform(self, operations: Sequence[Any]) -> None:
        """As pdfminer does: an operator takes its operands off the stack; nothing happens where they are too few."""
        for each in operations:
            if not isinstance(each, PSKeyword):
                self.push(each)
            elif method := _method(each.name):
                operator, count = method
                operands = self.pop(count)
                if len(operands) == count:
                    operator(self, *operands)

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
                out += [data[end : piece.start()], b" %d outline " % len(self._runs)]
                self._runs.append(piece[0])
                end = piece.end()
        return b"".join((*out, data[end:]))

    def init_state(self, ctm: Matrix) -> None:
        super().init_state(ctm)
        self._states: list[tuple[float, bool, Region | None]] = []

    def init_resources(self, resources: Any) -> None:
        super().init_resources(resources)
        fonts = resolve1(resources.get("Font")) if resources else None
        for name, terms in fonts.items() if isinstance(fonts, dict) else ():
            if name in self.fontmap and misnames(resolve1(terms)):
                self.device.doubted.add(self.fontmap[name].fontname)
            if name in self.fontmap and unmeasured(resolve1(terms)):
                self.device.unmeasured.add(self.fontmap[name].fontname)

    def do_W(self) -> None:
        """The path becomes a clip, of which only the box around it is followed."""
        self.device.clip_to(
            [
                apply_matrix_pt(self.ctm, (float(x), float(y)))
                for _, *numbers in self.curpath
                for x, y in zip(numbers[::2], numbers[1::2], strict=True)
            ]
        )

    do_W_a = do_W

    def do_BDC(self, tag: Any, props: Any) -> None:
        """Marked content begins; of optional content the page's resources name the layer."""
        layer = None
        if literal_name(tag) == "OC" and isinstance(props, PSLiteral):
            layers = resolve1(self.resources.get("Properties"))
            layer = layers.get(props.name) if isinstance(layers, dict) else None
        self.device.enter(layer)

    def do_BMC(self, tag: Any) -> None:
        self.device.enter()

    def do_EMC(self) -> None:
        self.device.leave()

    def do_Do(self, xobjid_arg: Any) -> None:
        """A form or picture, which may be in a layer itself."""
        drawn = resolve1(self.xobjmap.get(literal_name(xobjid_arg)))
        state = self._state
        self.device.enter(drawn.attrs.get("OC") if isinstance(drawn, PDFStream) else None)
        if isinstance(drawn, PDFStream) and "BBox" in drawn:
            x0, y0, x1, y1 = (float(resolve1(side)) for side in list_value(drawn["BBox"]))
            matrix = mult_matrix(tuple(list_value(drawn.get("Matrix", MATRIX_IDENTITY))), self.ctm)
            self.device.clip_to([apply_matrix_pt(matrix, corner) for corner in product((x0, x1), (y0, y1))])
        super().do_Do(xobjid_arg)
        self.device.leave()
        self._state = state

    @property
    def _state(self) -> tuple[float, bool, Region | None]:
        """What of the graphics state the device is told."""
        return self.device.opacity, self.device.blended, self.device.clip

    @_state.setter
    def _state(self, state: tuple[float, bool, Region | None]) -> None:
        self.device.opacity, self.device.blended, self.device.clip = state

    def do_gs(self, name: Any) -> None:
        """Of the graphics state only how far what is beneath shows through."""
        states = resolve1(self.resources.get("ExtGState"))
        terms = resolve1(states.get(literal_name(name))) if isinstance(states, dict) else None
        opacity = resolve1(terms.get("ca")) if isinstance(terms, dict) else None
        if isinstance(opacity, int | float):
            self.device.opacity = float(opacity)
        blend = resolve1(terms.get("BM")) if isinstance(terms, dict) else None
        if blend is not None:
            self.device.blended = not (isinstance(blend, PSLiteral) and blend.name in _NOT_BLENDED)

    def do_q(self) -> None:
        self._states.append(self._state)
        super().do_q()

    def do_Q(self) -> None:
        if self._states:
            self._state = self._states.pop()
        super().do_Q()

    def do_outline(self, index: Any) -> None:
        """Our own operator: a run that was taken out. What of it holds a rule or continues a path is read after all."""
        if not isinstance(index, int) or index >= len(self._runs):
            return  # the document's own word, no operator of PDF
        run = self._runs[index]
        matrix = self.device.ctm  # what paths are painted with, which after a form is not always our own
        if self.curpath or matrix is None:
            self._replay(run)
        elif len(long := _with_a_rule(run, matrix, self.shortest - _TOO_SHORT_BY)):
            paths = _PATHS.findall(run)
            for path in long:
                self._replay(paths[path])

    def _replay(self, run: bytes) -> None:
        for numbers, operator in _operations(run):
            getattr(self, f"do_{operator.replace('*', '_a')}")(*numbers)


@lru_cache(maxsize=512)
def _method(name: bytes) -> tuple[Callable[..., None], int] | None:
    """What an operator does, and how many operands it takes; None for what is none."""
    word = name.decode("utf-8", "ignore").replace("*", "_a").replace('"', "_w").replace("'", "_q")
    method = getattr(OutlineFreeInterpreter, f"do_{word}", None)
    return (method, method.__code__.co_argcount - 1) if method else None


def _with_a_rule(run: bytes, matrix: Matrix, shortest: float) -> npt.NDArray[np.int64]:
    """The places in `run` of the paths with a step, along the page's x or y, that may be a rule."""
    a, b, c, d, _, _ = matrix
    steps, paths = _steps(run)
    lengths = np.abs(steps @ np.array([[a, b], [c, d]])).max(axis=1)
    return np.unique(paths[lengths > shortest])


def _steps(run: bytes) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """From point to point of each subpath, and from its last to its first; the sides of rectangles. Beside each the
    number of its path."""
    numbers = np.array(run.translate(None, _NO_NUMBER).split(), np.float64)
    operators = _OPERATORS.findall(run)
    ends = np.cumsum([_OPERANDS.get(operator, 0) for operator in operators])
    paths = np.cumsum([operator in _PAINTING for operator in operators])  # painting ends a path, and draws nothing
    boxes = np.array([operator == b"re" for operator in operators])
    drawn = np.array([operator in _OPERANDS for operator in operators]) & ~boxes
    width, height = numbers[ends[boxes] - 2], numbers[ends[boxes] - 1]
    points = np.stack([numbers[ends[drawn] - 2], numbers[ends[drawn] - 1]], axis=1)
    begins = np.array([operator == b"m" for operator in operators])[drawn]
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(points))[: len(first)] - 1
    inside = np.flatnonzero(~begins)
    steps = (
        np.stack([width, 0 * width], axis=1),
        np.stack([0 * height, height], axis=1),
        points[inside] - points[inside - 1],
        points[first] - points[last],
    )
    owners = (paths[boxes], paths[boxes], paths[drawn][inside], paths[drawn][first])
    return np.concatenate(steps), np.concatenate(owners)


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


def _unpacked(stream: PDFStream) -> bytes:
    """The stream's content; its ASCII85 is unpacked here, because pdfminer takes long over it."""
    filters = stream.get_filters()
    if stream.rawdata is None or stream.decipher or not filters or filters[0][0] not in LITERALS_ASCII85_DECODE:
        return bytes(stream.get_data())
    others = {name: value for name, value in stream.attrs.items() if name not in ("F", "DP", "FDecodeParms")}
    others |= {"Filter": [name for name, _ in filters[1:]], "DecodeParms": [terms for _, terms in filters[1:]]}
    packed = end_re.sub(b"", start_re.sub(b"", stream.rawdata))
    return bytes(PDFStream(others, ascii85.decode(packed)).get_data())
