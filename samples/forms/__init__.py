"""One module per printed form: invoice in, sheets out. A new kind is one module here and its row in `draw`."""

from __future__ import annotations

from models.kinds import InvoiceKind
from samples.forms import digital, rail, roll, taxi, vat
from samples.sheet import Sheet
from samples.truth import InvoiceTruth

_FORMS = {
    InvoiceKind.DIGITAL_ORDINARY: digital.draw,
    InvoiceKind.DIGITAL_SPECIAL: digital.draw,
    InvoiceKind.ORDINARY_E: vat.draw,
    InvoiceKind.SPECIAL_E: vat.draw,
    InvoiceKind.TOLL_E: vat.draw,
    InvoiceKind.SPECIAL_PAPER: vat.draw_paper,
    InvoiceKind.ORDINARY_PAPER: vat.draw_paper,
    InvoiceKind.ORDINARY_ROLL: roll.draw,
    InvoiceKind.RAIL_E: rail.draw,
    InvoiceKind.TAXI: taxi.draw,
}


def draw(invoice: InvoiceTruth) -> list[Sheet]:
    """Every page of the invoice."""
    return _FORMS[invoice.kind](invoice)
