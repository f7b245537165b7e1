"""One module per printed form, each with its `FORMS`. A new kind is one module here."""

from __future__ import annotations

from models.kinds import InvoiceKind
from samples.forms import (
    air,
    digital,
    fiscal,
    freight,
    local_papers,
    rail,
    roll,
    taxi,
    used_vehicle,
    vat,
    vehicle,
)
from samples.forms.form import Form
from samples.sheet import Sheet
from samples.truth import InvoiceTruth

_MODULES = (digital, vat, roll, rail, air, taxi, vehicle, used_vehicle, freight, local_papers, fiscal)
FORMS: dict[InvoiceKind, Form] = {form.kind: form for module in _MODULES for form in module.FORMS}


def draw(invoice: InvoiceTruth) -> list[Sheet]:
    """Every page of the invoice."""
    return FORMS[invoice.kind].draw(invoice)
