"""Small documents made on the spot, each of one medium."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import cv2
import numpy as np
import pikepdf

from models.pages import Pixels

TEXT = "Invoice 25990000000000000123"


def picture(width: int = 600, height: int = 400, text: str = TEXT) -> Pixels:
    pixels = np.full((height, width, 3), 255, np.uint8)
    cv2.putText(pixels, text, (20, height // 2), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (0, 0, 0), 2)
    return pixels


def encoded(extension: str, pixels: Pixels | None = None) -> bytes:
    found, data = cv2.imencode(extension, picture() if pixels is None else pixels)
    assert found
    return data.tobytes()


def pdf(
    pages: int = 1,
    text: str = TEXT,
    *,
    media_box: tuple[int, ...] = (0, 0, 595, 397),
    rule: bool = True,
    **page: object,
) -> bytes:
    document = pikepdf.new()
    font = document.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Courier)
    )
    for _ in range(pages):
        leaf = document.add_blank_page()
        leaf.MediaBox = pikepdf.Array(media_box)
        leaf.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        leaf.Contents = document.make_stream(
            f"BT /F1 12 Tf 50 300 Td ({text}) Tj ET {'40 290 m 400 290 l S' if rule else ''}".encode()
        )
        for key, value in page.items():
            leaf["/" + key] = value
    buffer = io.BytesIO()
    document.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def archive(members: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return buffer.getvalue()
