"""The XBRL of a rail e-ticket, read by local name: the only place where its net amount and tax stand."""

from __future__ import annotations

from typing import Any

from lxml import etree

from models.money import format_money
from samples.truth import InvoiceTruth

_RAI = "http://xbrl.mof.gov.cn/taxonomy/2021-11-30/rai"
_XBRL = "http://www.xbrl.org/2003/instance"


def rail_xbrl(invoice: InvoiceTruth) -> bytes:
    spaces: dict[Any, str] = {None: _XBRL, "rai": _RAI}
    root = etree.Element(f"{{{_XBRL}}}xbrl", nsmap=spaces)
    moment = f"As_Of_{invoice.issue_date:%Y_%m_%d}"
    context = etree.SubElement(root, f"{{{_XBRL}}}context", id=moment)
    entity = etree.SubElement(context, f"{{{_XBRL}}}entity")
    etree.SubElement(entity, f"{{{_XBRL}}}identifier", scheme="http://xbrl.mof.gov.cn").text = invoice.invoice_number
    values = {
        "TypeOfVoucher": invoice.title,
        "ElectronicInvoiceRailwayETicketNumber": invoice.invoice_number,
        "DateOfIssue": invoice.issue_date.isoformat(),
        "TypeOfBusiness": invoice.extra["business_type"],
        "DepartureStation": invoice.extra["departure_station"],
        "PhonicsOfDepartureStation": invoice.extra["departure_station_phonics"],
        "DestinationStation": invoice.extra["destination_station"],
        "PhonicsOfDestinationStation": invoice.extra["destination_station_phonics"],
        "TrainNumber": invoice.extra["train_number"],
        "TravelDate": invoice.extra["travel_date"],
        "DepartureTime": invoice.extra["departure_time"],
        "SeatLevel": invoice.extra["seat_class"],
        "Carriage": invoice.extra["carriage"] + "车",
        "Seat": invoice.extra["seat"],
        "Fare": format_money(invoice.total_incl_tax),
        "ETicketNumber": invoice.extra["e_ticket_number"],
        "IdNumber": invoice.extra["passenger_id"],
        "Name": invoice.extra["passenger_name"],
        "TotalAmountExcludingTax": format_money(invoice.total_excl_tax),
        "TaxRate": "0.09",
        "TaxAmount": invoice.printed_tax,
        "NameOfPurchaser": invoice.buyer.name,
        "UnifiedSocialCreditCodeOfPurchaser": invoice.buyer.tax_id,
    }
    for name, value in values.items():
        etree.SubElement(root, f"{{{_RAI}}}{name}", contextRef=moment).text = value
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
