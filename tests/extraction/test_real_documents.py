"""What real documents do, line by line: for each oddity a generated sample, read, and the truth found in it.

Pictures are read elsewhere (recognition is slow); here they stand as drawn pages, or only their sample is looked at.
"""

from __future__ import annotations

from random import Random

import pytest

from capture.cleanup import CleanupOptions
from capture.limits import Limits
from capture.opening import open_document
from extraction import extract
from extraction.layouts import read_page
from extraction.text_reader import TextReader
from models.evidence import FieldStatus, Source
from models.invoice import KEY_FIELDS, Invoice
from models.kinds import InvoiceKind
from models.pages import OpenedDocument
from models.settings import Settings
from samples.defects import with_defects
from samples.fixed_sets import hard_plans
from samples.inventing import invent
from samples.pdf_defects import two_on_a4
from samples.rendering import Handling, render
from samples.truth import Defect, InvoiceTruth, Medium, Trait
from tests.bench.truth import same
from tests.extraction.layouts.drawing import Drawing, fill_old_form, old_form

_K, _D = InvoiceKind, Defect


def opened(data: bytes, name: str = "invoice") -> OpenedDocument:
    settings = Settings()
    return open_document(
        data, name, limits=Limits.from_settings(settings), cleanup=CleanupOptions.from_settings(settings)
    )


def sample(
    kind: InvoiceKind, medium: Medium, *defects: Defect, traits: tuple[Trait, ...] = (), seed: str = "real"
) -> tuple[InvoiceTruth, OpenedDocument]:
    invoice = invent(Random(f"{seed}/{kind}/{traits}"), kind, traits=traits)
    invoice = with_defects(invoice, frozenset(defects), Random(2))
    return invoice, opened(render(invoice, medium, Random(3), Handling(dpi=120, width=1100)))


def read(
    kind: InvoiceKind, medium: Medium, *defects: Defect, traits: tuple[Trait, ...] = ()
) -> tuple[InvoiceTruth, Invoice]:
    invoice, document = sample(kind, medium, *defects, traits=traits)
    (found,) = extract(document, None)
    return invoice, found


def differences(truth: InvoiceTruth, found: Invoice) -> dict[str, tuple[str | None, str | None]]:
    """Key fields, extra fields and the cells of every row that are not what is printed."""
    wanted = {name: truth.fields()[name] for name in (*KEY_FIELDS, "remarks", "check_code", "payee", "reviewer")}
    wanted |= {name: value for name, value in truth.extra.items() if name in found.fields}
    out = {n: (v, found.value(n)) for n, v in wanted.items() if not same(n, v, found.value(n))}
    if len(found.lines) != len(truth.lines):
        out["lines"] = (str(len(truth.lines)), str(len(found.lines)))
    for index, (line, row) in enumerate(zip(truth.lines, found.lines, strict=False)):
        cells = row.export()
        for name, value in line.export().items():
            if name in cells and not same(name, value, cells[name]):
                out[f"{index}.{name}"] = (value, cells[name])
    return out


@pytest.mark.parametrize(
    ("kind", "defect"),
    [
        (_K.DIGITAL_ORDINARY, _D.KANGXI),
        (_K.DIGITAL_SPECIAL, _D.HIDDEN_HEADER),
        (_K.ORDINARY_E, _D.NO_YEN),
        (_K.DIGITAL_ORDINARY, _D.SPLIT_LABELS),
        (_K.SPECIAL_E, _D.SEAL_TEXT),
        (_K.DIGITAL_ORDINARY, _D.SEAL_TEXT),
        (_K.DIGITAL_ORDINARY, _D.ORDER_NUMBER),
        (_K.ORDINARY_E, _D.CHECK_CODE_CLOSED),
        (_K.ORDINARY_E, _D.OLD_TAX_ID),
        (_K.DIGITAL_ORDINARY, _D.LONG_TAX_ID),
        (_K.ORDINARY_E, _D.QR_SHORT_AMOUNT),
        (_K.DIGITAL_ORDINARY, _D.QR_NO_CRC),
        (_K.DIGITAL_SPECIAL, _D.QR_BLANKS),
        (_K.DIGITAL_ORDINARY, _D.QR_DASHED_DATE),
        (_K.ORDINARY_E, _D.QR_ERROR),
        (_K.SPECIAL_E, _D.QR_KIND_20),
        (_K.DIGITAL_ORDINARY, _D.QR_KIND_20),
        (_K.ORDINARY_E, _D.QR_GROSS),
    ],
)
def test_lines_1_2_4_6_7_8_an_odd_text_layer_code_or_number_changes_nothing(kind: InvoiceKind, defect: Defect) -> None:
    truth, found = read(kind, Medium.PDF, defect)
    assert differences(truth, found) == {}
    assert found.kind is kind


@pytest.mark.parametrize("defect", [_D.GARBLED_TEXT, _D.JUNK_LABELS])
def test_line_1_a_lying_text_layer_is_not_believed_and_the_invoice_says_so(defect: Defect) -> None:
    truth, document = sample(_K.ORDINARY_E, Medium.PDF, defect)
    assert TextReader().read(document) == []
    (found,) = extract(document, None)
    assert any("文字层" in note for note in found.notes)
    accepted = {n: f.value for n, f in found.fields.items() if f.status is FieldStatus.ACCEPTED and f.value}
    assert all(same(name, truth.fields().get(name), value) for name, value in accepted.items())


def test_line_3_discount_rows_and_wrapped_names_are_whole() -> None:
    for seed in range(4):
        invoice, document = sample(_K.ORDINARY_E, Medium.PDF, traits=(Trait.DISCOUNT,), seed=str(seed))
        (found,) = extract(document, None)
        assert differences(invoice, found) == {}


def test_line_4_quantity_and_price_that_touch_are_two_cells() -> None:
    truth, found = read(_K.DIGITAL_SPECIAL, Medium.PDF, traits=(Trait.MULTI_PAGE,))
    assert differences(truth, found) == {}
    assert len(found.pages) > 1


@pytest.mark.parametrize(
    "trait",
    [
        Trait.PASSENGER, Trait.TOLL, Trait.TOLL_COLUMNS, Trait.CONSTRUCTION, Trait.FREIGHT, Trait.PROPERTY_LEASE,
        Trait.PROPERTY_SALE, Trait.OIL, Trait.FARM_PURCHASE, Trait.OWN_PRODUCE, Trait.VEHICLE_GOODS, Trait.VESSEL_TAX,
        Trait.SOLAR,
    ],
)  # fmt: skip
@pytest.mark.parametrize("medium", [Medium.PDF, Medium.OFD])
def test_line_5_every_special_business_has_its_own_columns_and_fields(trait: Trait, medium: Medium) -> None:
    truth, found = read(_K.DIGITAL_ORDINARY, medium, traits=(trait,))
    assert differences(truth, found) == {}
    missing = {name for name, value in truth.extra.items() if value and name not in found.fields}
    assert missing == set()


def test_line_6_the_code_of_a_blockchain_invoice_is_an_address_and_that_of_a_fiscal_receipt_says_what_it_is() -> None:
    for kind in (_K.BLOCKCHAIN_SZ, _K.OTHER):
        truth, found = read(kind, Medium.PDF)
        assert found.kind is kind
        assert differences(truth, found) == {}


def test_line_7_a_blockchain_invoice_has_a_check_code_of_five_and_a_special_one_on_paper_has_none() -> None:
    truth, found = read(_K.BLOCKCHAIN_SZ, Medium.PDF)
    assert len(found.value("check_code") or "") == 5
    assert invent(Random(1), _K.SPECIAL_PAPER).check_code is None
    assert found.value("check_code") == truth.check_code


def test_line_8_the_printed_seller_of_an_invoice_issued_on_behalf_is_the_tax_office() -> None:
    truth, found = read(_K.ORDINARY_E, Medium.PDF, traits=(Trait.ON_BEHALF,))
    assert "税务局" in (found.value("seller_name") or "")
    assert len(found.value("seller_tax_id") or "") == 15
    assert "代开企业名称" in (found.value("remarks") or "")
    assert differences(truth, found) == {}


def test_line_8_a_private_buyer_has_no_number() -> None:
    _, found = read(_K.DIGITAL_ORDINARY, Medium.PDF, traits=(Trait.PERSONAL,))
    assert (found.value("buyer_name"), found.value("buyer_tax_id")) == ("个人", None)


@pytest.mark.parametrize("trait", [Trait.TAX_FREE, Trait.NOT_TAXED, Trait.ZERO_RATE, Trait.DIFFERENCE])
@pytest.mark.parametrize("medium", [Medium.PDF, Medium.XML])
def test_line_9_rates_in_words_and_asterisks_stay_as_printed(trait: Trait, medium: Medium) -> None:
    truth, found = read(_K.DIGITAL_ORDINARY, medium, traits=(trait,))
    assert differences(truth, found) == {}
    if trait in (Trait.NOT_TAXED, Trait.ZERO_RATE):
        assert found.value("total_tax") == "***"


@pytest.mark.parametrize(
    ("kind", "defects", "traits"),
    [
        (_K.ORDINARY_E, (_D.OFD_ODD_FOLDERS, _D.OFD_CDATA), ()),
        (_K.DIGITAL_SPECIAL, (_D.OFD_ODD_FOLDERS,), ()),
        (_K.DIGITAL_ORDINARY, (_D.KANGXI,), ()),
        (_K.ORDINARY_E, (), (Trait.GOODS_LIST,)),
    ],
)
def test_line_10_an_ofd_reads_alike_whatever_its_folders(
    kind: InvoiceKind, defects: tuple[Defect, ...], traits: tuple[Trait, ...]
) -> None:
    truth, found = read(kind, Medium.OFD, *defects, traits=traits)
    assert differences(truth, found) == {}


def test_line_11_and_17_a_picture_is_a_picture_whatever_its_name_says() -> None:
    _, scan = sample(_K.SPECIAL_PAPER, Medium.SCAN, _D.FALSE_EXTENSION)
    assert scan.pages[0].text is None
    _, pdf = sample(_K.ORDINARY_E, Medium.PDF, _D.PICTURE_ONLY)
    assert TextReader().read(pdf) == []


@pytest.mark.parametrize("kind", [_K.AIR_E, _K.OTHER, _K.RAIL_E, _K.DIGITAL_VEHICLE, _K.DIGITAL_USED_VEHICLE])
def test_line_12_other_papers_are_named_for_what_they_are(kind: InvoiceKind) -> None:
    truth, found = read(kind, Medium.PDF)
    assert found.kind is kind
    assert differences(truth, found) == {}


def test_line_13_the_rows_of_a_goods_list_replace_the_row_that_sends_to_it() -> None:
    truth, found = read(_K.ORDINARY_E, Medium.PDF, traits=(Trait.GOODS_LIST,))
    assert len(found.lines) == len(truth.lines) > 8
    assert differences(truth, found) == {}


@pytest.mark.parametrize("down", [-0.075, 0.06])
def test_line_14_print_a_row_off_its_form_keeps_its_totals(down: float) -> None:
    (reading,) = read_page(fill_old_form(old_form(), down=down).page(), Source.OCR)
    wanted = {"total_excl_tax": "424.80", "total_tax": "55.22", "total_incl_tax": "480.02"}
    assert {name: reading.first(name) for name in wanted} == wanted


def test_line_15_the_head_of_a_second_invoice_above_the_first_is_not_its_own() -> None:
    form = fill_old_form(old_form(drawing=Drawing(height=1600, frame=(60, 820, 1540, 1520))))
    form.put(0.71, -1.02, "发票代码：033002100499").put(0.71, -0.97, "发票号码：20419999")
    (reading,) = read_page(form.page(), Source.OCR)
    assert reading.first("invoice_number") == "20418837"


def test_line_16_the_check_code_may_stand_in_the_remarks() -> None:
    form = fill_old_form(old_form("浙江增值税普通发票"))
    form.tokens = [t for t in form.tokens if "校验码" not in t.text]
    form.put(0.62, 0.86, "校验码 10293 84756 56473 82910")
    (reading,) = read_page(form.page(), Source.OCR)
    assert reading.first("check_code") == "10293847565647382910"


def test_line_17_two_invoices_on_one_page_of_a4_are_two() -> None:
    upper, _ = sample(_K.ORDINARY_E, Medium.PDF)
    lower, _ = sample(_K.TOLL_E, Medium.PDF)
    pages = [render(each, Medium.PDF, Random(3), Handling()) for each in (upper, lower)]
    found = extract(opened(two_on_a4(*pages)), None)
    assert [invoice.value("invoice_number") for invoice in found] == [upper.invoice_number, lower.invoice_number]
    assert [invoice.kind for invoice in found] == [_K.ORDINARY_E, _K.TOLL_E]


def test_line_17_a_red_invoice_has_a_negative_amount_in_its_code_and_names_the_blue_one() -> None:
    for kind in (_K.ORDINARY_E, _K.DIGITAL_SPECIAL):
        truth, found = read(kind, Medium.PDF, traits=(Trait.RED,))
        assert (truth.qr or "").split(",")[4].startswith("-")
        assert differences(truth, found) == {}
        assert found.value("original_invoice_number") == truth.extra["original_invoice_number"]


def test_line_18_net_and_tax_of_a_rail_ticket_are_in_its_attachment_alone() -> None:
    truth, found = read(_K.RAIL_E, Medium.PDF, _D.XBRL_ATTACHED)
    assert found.value("total_tax") is None  # not on the face
    assert found.fields["effective_deductible_tax"].source is Source.XML
    assert found.value("fare_excl_tax") == f"{truth.total_excl_tax}"
    assert found.value("effective_deductible_tax") == f"{truth.total_tax}"
    _, bare = read(_K.RAIL_E, Medium.PDF)
    assert "effective_deductible_tax" not in bare.fields


def test_line_18_a_rail_ticket_whose_face_was_not_read_shows_no_net_amount_either() -> None:
    truth, document = sample(_K.RAIL_E, Medium.PDF, _D.XBRL_ATTACHED)
    (found,) = extract(document, None, without=frozenset({Source.PDF}))
    assert found.value("total_tax") is None
    assert found.value("effective_deductible_tax") == f"{truth.total_tax}"


def test_every_line_has_a_document_in_the_hard_set() -> None:
    assert {int(plan.id[:2]) for plan in hard_plans()} == set(range(1, 19))
