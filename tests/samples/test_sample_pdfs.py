"""A text layer that lies changes nothing that is seen."""

from __future__ import annotations

import numpy as np

from samples.fonts import Font
from samples.pdf import to_pdf, to_pixels
from samples.sheet import BLACK, Sheet, Text


def run(text: str, y: float, layer: str) -> Text:
    return Text(x=20, y=y, text=text, font=Font.SONG, size=12, colour=BLACK, layer=layer)  # type: ignore[arg-type]


def test_wrong_letters_under_the_labels_do_not_hide_the_values() -> None:
    sheet = Sheet(100, 60)
    sheet.steps += [run("发票号码：", 20, "form"), run("18532887", 40, "print")]
    honest, lying = (to_pixels(to_pdf([sheet], junk_labels=junk), 72) for junk in (False, True))
    values = slice(honest.shape[0] // 2, None)
    assert (honest[values] < 128).sum() > 50
    assert np.array_equal(honest[values], lying[values])
