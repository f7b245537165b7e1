"""What the shape of a value says about it."""

from __future__ import annotations

import pytest

from extraction.fusion.corroboration import NEUTRAL, examine
from models.kinds import InvoiceKind


@pytest.mark.parametrize("plate", ["京B·V3369", "鄂AHG248", "粤AD12345", "重型货车粤B12345"])
def test_a_plate_begins_with_its_province(plate: str) -> None:
    assert examine("plate", plate, InvoiceKind.TAXI, {}) is NEUTRAL
    assert examine("plate", plate.lstrip("重型货车京鄂粤"), InvoiceKind.TAXI, {}).ratio < 1


def test_a_vehicle_number_has_letters_and_ends_in_figures() -> None:
    assert examine("vin", "LSVAA4182E2184321", InvoiceKind.MOTOR_VEHICLE, {}) is NEUTRAL
    for other in ("91003090675426500", "LSVAA4182E21843AB", "LSVAA4182E218432"):
        assert examine("vin", other, InvoiceKind.MOTOR_VEHICLE, {}).ratio < 1
