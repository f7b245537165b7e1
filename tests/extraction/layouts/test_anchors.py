"""Item rows whose amount was misread in a sign, or not read at all, or whose sums do not come out."""

from __future__ import annotations

import pytest

from extraction.layouts import read_page
from models.evidence import Source
from tests.extraction.layouts.drawing import old_form
from tests.extraction.layouts.test_item_lines import amounts, lines


@pytest.mark.parametrize("damaged", ["195.0$", "1o5.03", "195.O3."])
def test_an_amount_misread_in_a_sign_keeps_its_row_and_is_looked_at_again(damaged: str) -> None:
    form = old_form().put(0.008, 0.33, "*洗涤剂*洗手液").put(0.008, 0.40, "*食品*米粉")
    (reading,) = read_page(amounts(amounts(form, 0.33, damaged, "25.35"), 0.40, "34.51", "4.49").page(), Source.OCR)
    assert [(line.item_name, line.amount_excl_tax, line.tax_amount) for line in reading.lines] == [
        ("*洗涤剂*洗手液", None, "25.35"),
        ("*食品*米粉", "34.51", "4.49"),
    ]
    assert (0, "amount_excl_tax") in {(cell.line, cell.column) for cell in reading.blank_cells}


def test_an_item_whose_amount_lies_under_a_stamp_is_a_row_of_its_own() -> None:
    form = old_form().put(0.008, 0.33, "*食品*米粉").put(0.008, 0.40, "*洗涤剂*洗手液")
    form.put(0.53, 0.40, "3", right=True).put(0.995, 0.40, "25.35", right=True)
    found = lines(amounts(form, 0.33, "34.51", "4.49"))
    assert [(line.item_name, line.amount_excl_tax, line.tax_amount) for line in found] == [
        ("*食品*米粉", "34.51", "4.49"),
        ("*洗涤剂*洗手液", None, "25.35"),
    ]


def test_the_second_line_of_a_name_is_no_row_though_it_stands_beside_a_figure() -> None:
    form = old_form().put(0.008, 0.33, "*食品*米粉加").put(0.008, 0.37, "*量装").put(0.53, 0.37, "3", right=True)
    assert len(lines(amounts(form, 0.33, "34.51", "4.49"))) == 1


def test_signs_in_the_amount_column_without_figures_beside_them_are_no_row() -> None:
    form = amounts(old_form().put(0.008, 0.33, "*食品*米粉"), 0.33, "34.51", "4.49").put(
        0.785, 0.42, "12.3章", right=True
    )
    assert [line.amount_excl_tax for line in lines(form)] == ["34.51"]


@pytest.mark.parametrize("name", ["（详见销货清单）", "*咨询服务*咨询费"])
def test_a_named_row_whose_amounts_were_not_read_is_kept_with_blank_cells(name: str) -> None:
    form = old_form().put(0.008, 0.33, name).put(0.80, 0.33, "额12巍6")
    (line,) = lines(form)
    assert (line.item_name, line.amount_excl_tax, line.tax_amount) == (name, None, None)


def looked_at_again(quantity: str, price: str, amount: str, tax: str) -> set[str]:
    form = old_form().put(0.008, 0.33, "*食品*米粉").put(0.375, 0.33, "箱").put(0.53, 0.33, quantity, right=True)
    (reading,) = read_page(amounts(form.put(0.64, 0.33, price, right=True), 0.33, amount, tax).page(), Source.OCR)
    return {cell.column for cell in reading.blank_cells}


def test_cells_whose_product_or_tax_does_not_come_out_are_looked_at_again_and_keep_their_text_meanwhile() -> None:
    assert looked_at_again("2", "12.50", "25.00", "3.25") == set()
    assert looked_at_again("2", "1250", "25.00", "3.25") == {"quantity", "unit_price"}
    assert looked_at_again("2", "12.50", "25.00", "8.25") == {"tax_rate", "tax_amount"}
    assert looked_at_again("2", "12.50", "26.00", "3.25") == {
        "quantity",
        "unit_price",
        "amount_excl_tax",
        "tax_rate",
        "tax_amount",
    }
