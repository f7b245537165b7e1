"""Opens pictures: JPEG, PNG, TIFF (each page), BMP, WebP, HEIC. Size is judged from the header, before decoding."""

from __future__ import annotations

import io
import math
import warnings
from functools import lru_cache, partial

import cv2
import numpy as np
import pillow_heif
from PIL import Image, UnidentifiedImageError

from capture.cleanup import CleanupOptions, Upright
from capture.cleanup.geometry import reduced
from capture.limits import Limits
from capture.pictured import sheets_on
from capture.reading_scale import reading_scale
from models.errors import DocumentError
from models.pages import OpenedPage, Pixels

pillow_heif.register_heif_opener()

FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP", "HEIF")
NEARLY = 0.94  #: of the reading size, where a JPEG gives it at a fraction of the cost
_JPEG_END = b"\xff\xd9"
ORIENTATION = 274  #: EXIF tag
_TURNS = {
    3: cv2.ROTATE_180,
    6: cv2.ROTATE_90_CLOCKWISE,
    7: cv2.ROTATE_180,  # after transposing
    8: cv2.ROTATE_90_COUNTERCLOCKWISE,
}
#: what Pillow and its decoders raise on broken data
DECODING_ERRORS = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    RuntimeError,
    IndexError,
    KeyError,
)


def open_image(
    data: bytes, *, limits: Limits, cleanup: CleanupOptions, upright: Upright | None
) -> tuple[OpenedPage, ...]:
    """One page per picture; every page of a TIFF; one per sheet where several lie on one picture, one
    per slip that is glued on a sheet a quarter turn from the rest."""
    count = _count(data, limits)
    decoded = lru_cache(maxsize=1)(partial(decode, data, limits=limits))
    for frame in range(count - 1, -1, -1):  # damage shows now, not later; the first page stays decoded
        decoded(frame)

    sheets = sheets_on(decoded, range(count), cleanup=cleanup, upright=upright)
    return tuple(
        OpenedPage(number, None, sheet.picture, straight=sheet.straight)
        for number, sheet in enumerate((sheet for found in sheets.values() for sheet in found), start=1)
    )


def decode(data: bytes, frame: int, *, limits: Limits, pixels: int | None = None) -> Pixels:
    """Upright by EXIF, on white, BGR, at reading size (or at most so many `pixels`)."""
    try:
        with _open(data, limits) as image:
            if frame:
                image.seek(frame)
                limits.check_pixels(*image.size)
            scale = reading_scale(*image.size)
            if pixels is not None:
                scale = min(scale, math.sqrt(pixels / (image.width * image.height)))
            size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
            stored = image.size
            if image.format in ("JPEG", "MPO"):
                nearly = (int(size[0] * NEARLY), int(size[1] * NEARLY))
                image.draft("RGB", nearly)  # decodes at ½ or ¼ where that is still enough
            whole = _whole_jpeg(data, image) if image.size == stored else None
            if whole is None:
                image.load()
                whole = cv2.cvtColor(np.asarray(_flatten(image), np.uint8), cv2.COLOR_RGB2BGR)
            turned = int(image.getexif().get(ORIENTATION) or 1)
    except DECODING_ERRORS as error:
        raise DocumentError("image_damaged") from error
    if whole.shape[1] > size[0] and whole.shape[0] > size[1]:
        whole = reduced(np.asarray(whole, np.uint8), size)
    return _upright(np.asarray(whole, np.uint8), turned)


def _whole_jpeg(data: bytes, image: Image.Image) -> Pixels | None:
    """A plain JPEG decoded by OpenCV, which spares two copies of it; None where Pillow should judge the data, because
    OpenCV does not say that a picture breaks off."""
    if image.format != "JPEG" or image.mode not in ("RGB", "L") or not data.rstrip(b"\0\r\n").endswith(_JPEG_END):
        return None
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    return None if pixels is None or pixels.shape[1::-1] != image.size else np.asarray(pixels, np.uint8)


def size_of(data: bytes, *, limits: Limits) -> tuple[int, int]:
    """Width and height as stored, from the header alone."""
    try:
        with _open(data, limits) as image:
            return image.size
    except DECODING_ERRORS as error:
        raise DocumentError("image_damaged") from error


def _open(data: bytes, limits: Limits) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is checked below
        try:
            image = Image.open(io.BytesIO(data), formats=FORMATS)
        except Image.DecompressionBombError as error:
            beyond = f"> {2 * (Image.MAX_IMAGE_PIXELS or 0):,}"
            raise DocumentError("too_many_pixels", pixels=beyond, limit=f"{limits.max_pixels:,}") from error
    limits.check_pixels(*image.size)
    return image


def _count(data: bytes, limits: Limits) -> int:
    """Pages of a TIFF; other pictures are one page, whatever previews or bursts they carry."""
    try:
        with _open(data, limits) as image:
            count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    except DECODING_ERRORS as error:
        raise DocumentError("image_damaged") from error
    limits.check_pages(count)
    return count


def _upright(pixels: Pixels, orientation: int) -> Pixels:
    """Turned and mirrored as EXIF says (CIPA DC-008, tag 274)."""
    if orientation in (5, 7):
        pixels = np.asarray(cv2.transpose(pixels), np.uint8)
    if orientation in (2, 4):
        return np.asarray(cv2.flip(pixels, 1 if orientation == 2 else 0), np.uint8)
    turn = _TURNS.get(orientation)
    return pixels if turn is None else np.asarray(cv2.rotate(pixels, turn), np.uint8)


def _flatten(image: Image.Image) -> Image.Image:
    """Any mode as RGB on white."""
    if image.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        return _from_deep(image).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        flat = Image.new("RGB", image.size, "white")
        flat.paste(layer, mask=layer.getchannel("A"))
        return flat
    return image if image.mode == "RGB" else image.convert("RGB")


def _from_deep(image: Image.Image) -> Image.Image:
    """16-bit and float grey to 8 bits over the range that occurs."""
    values = np.asarray(image, np.float32)
    low, high = float(values.min()), float(values.max())
    if image.mode.startswith("I;16"):
        low, high = 0.0, 65535.0
    return Image.fromarray(((values - low) * (255.0 / max(high - low, 1e-6))).astype(np.uint8))
