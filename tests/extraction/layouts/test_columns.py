"""Columns of tables that are laid out otherwise than the printed forms, and print set beside its column."""

from __future__ import annotations

import pytest

from models.evidence import Source
from models.pages import Segment
from tests.extraction.layouts.drawing import OLD_LABELS, Drawing, old_form
from tests.extraction.layouts.test_item_lines import DIGITAL, amounts, digital_form, lines


def test_a_specification_of_more_lines_than_its_name_belongs_to_the_amount_it_is_centred_on() -> None:
    form = old_form()
    for y, text in ((0.31, "*电子元件*无线"), (0.35, "耳机"), (0.43, "*食品*米粉")):
        form.put(0.008, y, text)
    form.put(0.27, 0.33, "A型").put(0.27, 0.41, "500克").put(0.27, 0.45, "装")
    found = lines(amounts(amounts(form, 0.33, "485.84", "63.16"), 0.43, "34.51", "4.49"), Source.PDF)
    assert [(line.item_name, line.specification) for line in found] == [
        ("*电子元件*无线耳机", "A型"),
        ("*食品*米粉", "500克装"),
    ]


@pytest.mark.parametrize("source", [Source.PDF, Source.OCR])
def test_a_rate_printed_a_little_too_far_to_the_right_is_still_the_rate(source: Source) -> None:
    form = old_form().put(0.008, 0.33, "*食品*米粉").put(0.80, 0.33, "485.84", right=True)
    (line,) = lines(form.put(0.848, 0.33, "13%").put(0.995, 0.33, "63.16", right=True), source)
    assert (line.amount_excl_tax, line.tax_rate, line.tax_amount) == ("485.84", "13%", "63.16")


def test_figures_right_of_their_labels_are_in_their_columns_where_a_print_lays_out_its_own_table() -> None:
    middles = dict(zip(OLD_LABELS.values(), DIGITAL, strict=True))
    form = digital_form({label: x for x, label in middles.items()}).put(0.008, 0.33, "*食品*米粉")
    form.put(0.53, 0.33, "2", right=True).put(0.645, 0.33, "242.92", right=True)
    (line,) = lines(amounts(form, 0.33, "485.84", "63.16"), Source.PDF)
    assert (line.quantity, line.unit_price, line.amount_excl_tax, line.tax_rate) == ("2", "242.92", "485.84", "13%")


def test_a_wrapped_character_at_the_frame_is_read_though_the_labels_put_the_frame_further_in() -> None:
    middles = {
        "货物或应税劳务、服务名称": 0.17,
        "规格型号": 0.36,
        "单位": 0.45,
        "金额": 0.72,
        "税率": 0.82,
        "税额": 0.92,
    }
    form = Drawing()
    old_form("浙江增值税电子普通发票", form)
    form.tokens = [t for t in form.tokens if t.text not in OLD_LABELS]
    for text, x in middles.items():
        form.put(x, 0.26, text, middle=True)
    form.segments += [Segment(form.x(x), form.y(0.23), form.x(x), form.y(0.69)) for x in (0.0, 1.0)]
    form.put(0.003, 0.33, "*电线电缆*铜芯阻燃电").put(0.003, 0.375, "线")
    (line,) = lines(amounts(form, 0.33, "485.84", "63.16"), Source.PDF)
    assert line.item_name == "*电线电缆*铜芯阻燃电线"
