"""What else gets into a picture of an invoice: sheets beneath, a photocopier, a pen with a bar code, a viewer's frame.

Works on pixels only, draws every choice from the given random source. Wear itself is in `wear`.
"""

from __future__ import annotations

from random import Random

import cv2
import numpy as np
import zxingcpp

from samples.codes import digits
from samples.pdf import Picture


def ghost(page: Picture, rng: Random) -> Picture:
    """The rows of the sheet beneath show through, faint and out of place."""
    below = np.roll(page, (rng.randint(20, 60), rng.randint(30, 90)), axis=(0, 1))
    below = cv2.GaussianBlur(below, (0, 0), 2.0)
    faint = 255 - (255 - below.astype(np.float32)) * 0.16
    shown: Picture = np.clip(page.astype(np.float32) * faint / 255, 0, 255).astype(np.uint8)
    return shown


def second_head(page: Picture, other: Picture, rng: Random) -> Picture:
    """The head of another invoice looks out above this one."""
    shown = int(page.shape[0] * rng.uniform(0.16, 0.2))
    strip = cv2.resize(other, (page.shape[1], other.shape[0] * page.shape[1] // other.shape[1]))[:shown]
    edge = np.full((3, page.shape[1], 3), 150, np.uint8)
    return np.concatenate([strip, edge, page])


def photocopy(page: Picture, rng: Random) -> Picture:
    """Black and white with the contrast of a copier: a seal is as dark as print."""
    grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY).astype(np.float32)
    hard = 255 / (1 + np.exp(-(grey - rng.uniform(150, 175)) / 14))
    specks = np.random.default_rng(rng.getrandbits(32)).random(grey.shape) < 0.0004
    hard[specks] = 40
    copied: Picture = cv2.cvtColor(np.clip(hard, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2RGB)
    return copied


def pen(page: Picture, rng: Random) -> Picture:
    """Desk below the page with a pen on it that carries an EAN-13 code."""
    height, width = page.shape[:2]
    band = int(height * 0.16)
    desk = np.full((band, width, 3), (120, 112, 100), np.uint8)
    left, right = int(width * 0.2), int(width * 0.85)
    top, bottom = int(band * 0.3), int(band * 0.75)
    cv2.rectangle(desk, (left, top), (right, bottom), (38, 38, 44), -1)
    code = zxingcpp.create_barcode("69" + digits(rng, 10), zxingcpp.BarcodeFormat.EAN13)
    bars = np.asarray(zxingcpp.write_barcode_to_image(code, scale=2))
    tall = (bottom - top) * 8 // 10
    bars = cv2.resize(bars, (bars.shape[1], tall), interpolation=cv2.INTER_NEAREST)
    x, y = rng.randint(left + 20, right - bars.shape[1] - 20), top + (bottom - top - tall) // 2
    desk[y : y + tall, x : x + bars.shape[1]] = bars[..., None]
    return np.concatenate([page, desk])


def viewer(page: Picture, rng: Random) -> Picture:
    """A screenshot: the page in a viewer with its toolbar and grey margins."""
    side, top = rng.randint(30, 160), rng.randint(40, 70)
    framed = cv2.copyMakeBorder(
        page, rng.randint(8, 40), rng.randint(8, 50), side, side, cv2.BORDER_CONSTANT, value=(82, 86, 89)
    )
    bar = np.full((top, framed.shape[1], 3), 50, np.uint8)
    for index, label in enumerate(("File", "1 / 1", "100%", "+", "-")):
        cv2.putText(
            bar, label, (20 + 120 * index, top * 2 // 3), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (230, 230, 230), 1, cv2.LINE_AA
        )
    return np.concatenate([bar, framed])
