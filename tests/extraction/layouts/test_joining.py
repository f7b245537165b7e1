"""Pages of one invoice become one reading."""

from __future__ import annotations

from extraction.layouts.joining import join_pages
from extraction.reading import Reading
from models.evidence import Evidence, Source
from models.invoice import Line


def page(
    number: int, *, title: str | None = None, complete: bool = True, subtotal: str | None = None, **fields: str
) -> Reading:
    return Reading(
        source=Source.PDF,
        pages=(number,),
        title=title,
        fields={n: (Evidence(source=Source.PDF, value=v, raw=v, confidence=1.0),) for n, v in fields.items()},
        lines=(Line(item_name=f"line of page {number}"),),
        lines_complete=complete,
        page_subtotal=subtotal,
    )


def test_head_from_the_first_page_lines_from_all_totals_from_the_last() -> None:
    first = page(1, subtotal="10.00", invoice_number="24332000000012345678", buyer_name="甲", complete=False)
    last = page(
        2, subtotal="5.00", invoice_number="24332000000012345678", total_excl_tax="15.00", total_incl_tax="15.90"
    )
    (joined,) = join_pages([[first], [last]])
    assert joined.pages == (1, 2)
    assert joined.first("buyer_name") == "甲"
    assert joined.first("total_excl_tax") == "15.00"
    assert [line.item_name for line in joined.lines] == ["line of page 1", "line of page 2"]


def test_two_invoices_in_one_file_stay_two() -> None:
    one = page(1, invoice_number="24332000000012345678", total_incl_tax="1.00")
    two = page(2, invoice_number="24332000000012345679", total_incl_tax="2.00")
    assert len(join_pages([[one], [two]])) == 2


def test_the_same_invoice_printed_twice_is_not_joined_into_one_of_double_length() -> None:
    one = page(1, invoice_number="24332000000012345678", total_incl_tax="1.00")
    again = page(2, invoice_number="24332000000012345678", total_incl_tax="1.00")
    assert [len(reading.lines) for reading in join_pages([[one], [again]])] == [1, 1]


def test_list_pages_replace_the_row_that_sends_to_them() -> None:
    face = page(1, complete=False, invoice_code="033002100411", invoice_number="20418837", total_incl_tax="15.90")
    lists = [page(n, title="清单", invoice_number="20418837") for n in (2, 3)]
    (joined,) = join_pages([[face], *([reading] for reading in lists)])
    assert [line.item_name for line in joined.lines] == ["line of page 2", "line of page 3"]
    assert joined.lines_complete
    assert joined.first("total_incl_tax") == "15.90"


def test_a_list_without_its_face_stays_by_itself() -> None:
    assert len(join_pages([[page(1, title="清单", invoice_number="20418837")]])) == 1
