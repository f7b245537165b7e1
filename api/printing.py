"""Printable PDFs: a page with Chinese text, page numbers and plain tables, over reportlab.

Reportlab takes fonts with TrueType outlines only, so that not every Chinese font of a machine will do; the font is
embedded, as the glyphs that are used. Knows nothing of what is printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from api.fonts import embeddable_font
from models.errors import RequestError

FONT = "chapiao-chinese"
INK, LINE, WASH = colors.HexColor("#1f2a33"), colors.HexColor("#c9d1d5"), colors.HexColor("#eef2f3")
BAD, GOOD = "#a5301f", "#22694a"


@cache
def register_font() -> str:
    """The name of a registered font with Chinese glyphs. Raises RequestError where the machine has none that fits."""
    path = embeddable_font()
    if path is None:
        raise RequestError("font_missing", font="AR PL UMing", package="fonts-arphic-uming")
    pdfmetrics.registerFont(TTFont(FONT, str(path), subfontIndex=0))
    return FONT


def paragraph(
    text: str, *, size: float = 9, bold: bool = False, colour: str | None = None, right: bool = False,
    with_next: bool = False,
) -> Any:  # fmt: skip
    """A line or several of text; never markup."""
    style = ParagraphStyle(
        "text", fontName=register_font(), fontSize=size, leading=size * 1.45, textColor=colour or INK, wordWrap="CJK",
        alignment=TA_RIGHT if right else 0, spaceAfter=size * 0.5 if bold else 0, keepWithNext=with_next,
    )  # fmt: skip
    return Paragraph(escape(text), style)


def heading(text: str) -> Any:
    """Never the last line of a page."""
    return paragraph(text, size=12, bold=True, with_next=True)


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], *, numbers: Sequence[int] = (),
    red_rows: Sequence[int] = (), strong_rows: Sequence[int] = (), size: float = 8,
) -> Any:  # fmt: skip
    """Rows of text under a head that is repeated on each page; `widths` in mm; columns in `numbers` stand right."""
    body = [[paragraph(cell, size=size, right=at in numbers) for at, cell in enumerate(row)] for row in [head, *rows]]
    style = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ("BACKGROUND", (0, 0), (-1, 0), WASH),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
    ]
    for row in red_rows:
        body[row + 1] = [
            paragraph(cell, size=size, right=at in numbers, colour=BAD) for at, cell in enumerate(rows[row])
        ]
    style += [("BACKGROUND", (0, row + 1), (-1, row + 1), WASH) for row in strong_rows]
    return Table(
        body,
        colWidths=[width * mm for width in widths],
        repeatRows=1,
        style=TableStyle(style),
        hAlign="LEFT",
        splitInRow=1,
    )


def gap(height: float = 4) -> Any:
    return Spacer(1, height * mm)


def pdf(title: str, flow: Sequence[Flowable], *, footer: str = "", wide: bool = False) -> bytes:
    """The document's bytes, A4, with `footer` and page numbers under each page."""
    font = register_font()
    out = BytesIO()

    def foot(canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont(font, 8)
        canvas.setFillColor(colors.HexColor("#5c6b77"))
        canvas.drawString(document.leftMargin, 9 * mm, footer)
        canvas.drawRightString(document.pagesize[0] - document.rightMargin, 9 * mm, f"{canvas.getPageNumber()}")
        canvas.restoreState()

    SimpleDocTemplate(
        out, pagesize=landscape(A4) if wide else A4, title=title, author="Chapiao", leftMargin=15 * mm,
        rightMargin=15 * mm, topMargin=14 * mm, bottomMargin=17 * mm,
    ).build(list(flow), onFirstPage=foot, onLaterPages=foot)  # fmt: skip
    return out.getvalue()
