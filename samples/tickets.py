"""Invents tickets that are not item invoices: taxi slips and rail e-tickets.

Fields a ticket does not carry are listed in `without` and stay empty in the truth. Source: the domain reference §1.2.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from models.kinds import KINDS, InvoiceKind
from models.money import format_money
from samples import codes
from samples.companies import new_company, new_person
from samples.items import cents
from samples.truth import InvoiceTruth, Party
from samples.words import in_words

STATIONS = (
    ("杭州东", "Hangzhoudong"), ("上海虹桥", "Shanghaihongqiao"), ("南京南", "Nanjingnan"), ("苏州北", "Suzhoubei"),
    ("合肥南", "Hefeinan"), ("武汉", "Wuhan"), ("长沙南", "Changshanan"), ("北京南", "Beijingnan"), ("宁波", "Ningbo"),
)  # fmt: skip
_SEATS = (("二等座", "F"), ("一等座", "D"), ("商务座", "C"))
_NO_PARTIES = {"buyer_name", "buyer_tax_id", "seller_name", "seller_tax_id"}
_NO_ITEMS = {"total_excl_tax", "total_tax", "total_in_words", "remarks", "payee", "reviewer", "drawer"}


def invent_taxi(rng: Random, kind: InvoiceKind, issued: date, buyer: Party) -> InvoiceTruth:
    """出租汽车发票: code, number, date, fare; nobody is named."""
    area = rng.choice(codes.AREAS)
    fare = Decimal(rng.randint(11, 160))
    start = datetime(issued.year, issued.month, issued.day, rng.randint(6, 21), rng.randint(0, 59))
    end = start + timedelta(minutes=rng.randint(7, 70))
    return InvoiceTruth(
        kind=kind,
        title=f"{area.name}出租汽车专用发票",
        area=area,
        invoice_code=codes.new_invoice_code(rng, kind, area, issued),
        invoice_number=codes.new_number(rng, kind, area, issued),
        issue_date=issued,
        buyer=buyer,
        seller=new_company(rng, "transport", area),
        lines=(),
        total_excl_tax=fare,
        total_tax=None,
        total_incl_tax=fare,
        total_in_words=in_words(fare),
        drawer="",
        extra={
            "plate": f"{rng.choice('京沪粤浙苏鲁川')}{rng.choice('ABCE')}-{codes.digits(rng, 5)}",
            "boarding_time": f"{start:%H:%M}",
            "alighting_time": f"{end:%H:%M}",
            "unit_price": rng.choice(("2.30", "2.50", "2.80")),
            "distance": f"{float(fare) / 3.1:.1f}",
            "waiting_time": f"00:{rng.randint(0, 25):02d}:{rng.randint(0, 59):02d}",
        },
        without=frozenset(_NO_PARTIES | _NO_ITEMS),
    )


def invent_rail(rng: Random, kind: InvoiceKind, issued: date, buyer: Party) -> InvoiceTruth:
    """铁路电子客票: the face shows the fare; net and tax stand in the XBRL only."""
    area = rng.choice(codes.AREAS)
    (origin, origin_sound), (target, target_sound) = rng.sample(STATIONS, 2)
    seat, letter = rng.choice(_SEATS)
    fare = Decimal(rng.randint(30, 1800) * 50) / 100
    net = cents(fare / Decimal("1.09"))
    number = codes.new_number(rng, kind, area, issued)
    travel = issued - timedelta(days=rng.randint(0, 40))
    return InvoiceTruth(
        kind=kind,
        title=KINDS[kind].title,
        area=area,
        invoice_code=None,
        invoice_number=number,
        issue_date=issued,
        buyer=buyer,
        seller=new_company(rng, "transport", area),
        lines=(),
        total_excl_tax=net,
        total_tax=fare - net,
        total_incl_tax=fare,
        total_in_words=in_words(fare),
        drawer="",
        qr=codes.qr_payload(kind, None, number, amount=format_money(fare), issued=issued, check_code=None),
        extra={
            "business_type": rng.choices(("售", "退", "改"), (8, 1, 1))[0],
            "passenger_name": new_person(rng),
            "passenger_id": f"{area.district}{rng.randint(1960, 2003)}****{codes.digits(rng, 4)}",
            "departure_station": origin,
            "departure_station_phonics": origin_sound,
            "destination_station": target,
            "destination_station_phonics": target_sound,
            "train_number": f"{rng.choice('GD')}{rng.randint(1, 9999)}",
            "travel_date": f"{travel:%Y-%m-%d}",
            "departure_time": f"{rng.randint(6, 21):02d}:{rng.randint(0, 59):02d}",
            "carriage": f"{rng.randint(1, 16):02d}",
            "seat": f"{rng.randint(1, 18):02d}{letter}号",
            "seat_class": seat,
            "e_ticket_number": codes.digits(rng, 21) + f"{travel:%Y}",
        },
        without=frozenset({"seller_name", "seller_tax_id"} | _NO_ITEMS),
    )
