"""Draws sheets into a PDF with a real text layer, and PDFs into pixels.

Never moves a value: what the sheet says is what stands there. Same sheets, same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pypdfium2
import zxingcpp
from numpy.typing import NDArray
from reportlab.pdfgen.canvas import Canvas

from samples import fonts
from samples.fonts import Font
from samples.sheet import MM_PER_POINT, Layer, Oval, QrCode, Rule, Sheet, Text

Picture = NDArray[np.uint8]
_SEAL_ALPHA = 0.82
_JUNK = "锟斤拷烫屯浣犲鍙戠鐢靛瓙瀹樻柟"
_ALL: tuple[Layer, ...] = ("form", "print", "seal")


def to_pdf(
    sheets: Sequence[Sheet],
    *,
    layers: Collection[Layer] = _ALL,
    seal_text: bool = False,
    junk_labels: bool = False,
) -> bytes:
    """Seals are drawn as outlines, as most issuers do; `seal_text` puts their letters into the text layer.

    `junk_labels`: the labels of the form are outlines as well, and wrong letters stand in the text layer for them.
    """
    fonts.register()
    out = io.BytesIO()
    canvas: Any = Canvas(out, invariant=True, pageCompression=1)
    canvas.setCreator("chapiao samples")
    canvas.setTitle("样张")
    for sheet in sheets:
        canvas.setPageSize((sheet.width / MM_PER_POINT, sheet.height / MM_PER_POINT))
        for step in sheet.steps:
            if step.layer not in layers:
                continue
            if isinstance(step, Text) and step.layer == "seal" and not seal_text:
                _draw_outlines(canvas, sheet, step)
            elif isinstance(step, Text) and step.layer == "form" and junk_labels:
                _draw_outlines(canvas, sheet, step)
                _draw_junk(canvas, sheet, step)
            else:
                _draw(canvas, sheet, step)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def to_pixels(pdf: bytes, dpi: int, page: int = 0) -> Picture:
    """One page as RGB."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        image = document[page].render(scale=dpi / 72).to_pil().convert("RGB")
        return np.asarray(image, dtype=np.uint8).copy()
    finally:
        document.close()


def qr_modules(payload: str) -> NDArray[np.bool_]:
    """True where a module is dark; no quiet zone."""
    code = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    pixels = np.asarray(zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False))
    dark: NDArray[np.bool_] = pixels < 128
    return dark


def _draw(canvas: Any, sheet: Sheet, step: Text | Rule | Oval | QrCode) -> None:
    colour = [part / 255 for part in step.colour]
    alpha = _SEAL_ALPHA if step.layer == "seal" else 1
    canvas.setFillColorRGB(*colour, alpha=alpha)
    canvas.setStrokeColorRGB(*colour, alpha=alpha)
    if isinstance(step, Text):
        _draw_text(canvas, sheet, step)
        return

    def flip(y: float) -> float:
        return (sheet.height - y) / MM_PER_POINT

    if isinstance(step, QrCode):
        dark = qr_modules(step.payload)
        cell = step.size / dark.shape[0]
        for row, column in np.argwhere(dark):
            x, y = step.x + column * cell, step.y + (row + 1) * cell
            canvas.rect(x / MM_PER_POINT, flip(y), cell / MM_PER_POINT, cell / MM_PER_POINT, stroke=0, fill=1)
        return
    canvas.setLineWidth(step.width / MM_PER_POINT)
    if isinstance(step, Rule):
        canvas.line(step.x1 / MM_PER_POINT, flip(step.y1), step.x2 / MM_PER_POINT, flip(step.y2))
        return
    box = (step.x - step.rx, flip(step.y + step.ry), step.x + step.rx, flip(step.y - step.ry))
    canvas.ellipse(box[0] / MM_PER_POINT, box[1], box[2] / MM_PER_POINT, box[3], fill=int(step.filled))
    if step.cross:
        reach = step.rx * 0.7
        for tilt in (-1, 1):
            canvas.line(
                (step.x - reach) / MM_PER_POINT, flip(step.y - tilt * reach),
                (step.x + reach) / MM_PER_POINT, flip(step.y + tilt * reach),
            )  # fmt: skip


def _draw_text(canvas: Any, sheet: Sheet, step: Text) -> None:
    canvas.saveState()
    canvas.translate(step.x / MM_PER_POINT, (sheet.height - step.y) / MM_PER_POINT)
    if step.angle:
        canvas.rotate(-step.angle)
    down = -0.36 * step.size
    for start, part in _placed(step):
        at = start
        for font, run in fonts.runs(part, step.font):
            canvas.setFont(font.value, step.size)
            canvas.drawString(at / MM_PER_POINT, down, run)
            at += fonts.width(run, font, step.size)
    canvas.restoreState()


def _draw_outlines(canvas: Any, sheet: Sheet, step: Text) -> None:
    """Letters as filled shapes: seen, but not in the text layer."""
    canvas.saveState()
    alpha = _SEAL_ALPHA if step.layer == "seal" else 1
    canvas.setFillColorRGB(*[part / 255 for part in step.colour], alpha=alpha)
    canvas.translate(step.x / MM_PER_POINT, (sheet.height - step.y) / MM_PER_POINT)
    if step.angle:
        canvas.rotate(-step.angle)
    path = canvas.beginPath()
    down = -0.36 * step.size
    for at, letter in _letters(step):
        for start, *steps in fonts.outline(letter, step.font, step.size):
            path.moveTo(at + start[0], start[1] + down)
            for numbers in steps:
                moved = [round(number + (down if index % 2 else at), 2) for index, number in enumerate(numbers)]
                (path.curveTo if len(moved) == 6 else path.lineTo)(*moved)
            path.close()
    canvas.drawPath(path, stroke=0, fill=1, fillMode=1)
    canvas.restoreState()


def _letters(step: Text) -> list[tuple[float, str]]:
    """(offset in points, letter)."""
    out: list[tuple[float, str]] = []
    for start, part in _placed(step):
        at = start
        for letter in part:
            out.append((at / MM_PER_POINT, letter))
            at += fonts.width(letter, step.font, step.size)
    return out


def _draw_junk(canvas: Any, sheet: Sheet, step: Text) -> None:
    """Unseen: other letters than the ones that are drawn, where those stand."""
    canvas.saveState()  # the mode would hide what is drawn after it
    hidden = canvas.beginText()
    hidden.setTextRenderMode(3)
    hidden.setFont(Font.SONG.value, step.size)
    hidden.setTextOrigin(step.x / MM_PER_POINT, (sheet.height - step.y) / MM_PER_POINT - 0.36 * step.size)
    hidden.textOut("".join(_JUNK[(ord(letter) * 7) % len(_JUNK)] for letter in step.text))
    canvas.drawText(hidden)
    canvas.restoreState()


def _placed(step: Text) -> list[tuple[float, str]]:
    """(offset in mm, string): one string, or its letters set apart to fill the width."""
    if not step.spread or len(step.text) < 2:
        return [(0.0, step.text)]
    widths = [fonts.width(letter, step.font, step.size) for letter in step.text]
    gap = (step.spread - sum(widths)) / (len(widths) - 1)
    return [(sum(widths[:i]) + gap * i, letter) for i, letter in enumerate(step.text)]
