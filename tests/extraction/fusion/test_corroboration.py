"""What the shape of a value says about it."""

from __future__ import annotations

import pytest

from extraction.fusion.corroboration import NEUTRAL, examine
from models.kinds import InvoiceKind


@pytest.mark.parametrize("plate", ["京K·T1234", "鄂AQX321", "粤AD12345", "重型货车粤B12345"])
def test_a_plate_begins_with_its_province(plate: str) -> None:
    assert examine("plate", plate, InvoiceKind.TAXI, {}) is NEUTRAL
    assert examine("plate", plate.lstrip("重型货车京鄂粤"), InvoiceKind.TAXI, {}).ratio < 1


def test_a_vehicle_number_has_letters_and_ends_in_figures() -> None:
    assert examine("vin", "LSVAA4182E2184321", InvoiceKind.MOTOR_VEHICLE, {}) is NEUTRAL
    for other in ("12003090675412345", "LSVAA4182E21843AB", "LSVAA4182E218432"):
        assert examine("vin", other, InvoiceKind.MOTOR_VEHICLE, {}).ratio < 1


@pytest.mark.parametrize(
    ("field", "right", "doubtful"),
    [
        ("engine_number", "4101F0CE", "4101FOCE"),
        ("certificate_number", "WAB112024000123", "WABI12024000123"),
        ("transfer_office", "杭州市公安局交通警察支队车辆管理所", "杭州市公安局交通警察支队车"),
        ("market_name", "上海市澜辰科汽车贸易有限公司", "上海"),
        ("seller_name", "南宁澜峤科食品有限公司西城分公司", "南宁澜峤科食品有限公司西城分"),
        ("buyer_name", "南宁澜峤科", "南南宁宁澜澜峤峤科科"),
    ],
)
def test_letters_that_may_be_figures_and_names_cut_at_the_end_of_a_row_are_doubtful(
    field: str, right: str, doubtful: str
) -> None:
    assert examine(field, right, InvoiceKind.MOTOR_VEHICLE, {}) is NEUTRAL
    assert examine(field, doubtful, InvoiceKind.MOTOR_VEHICLE, {}).ratio < 1


@pytest.mark.parametrize("station", ["Hangzhoudong", "Xi'an", "Lvliang", "Shuangliu"])
def test_a_station_in_latin_letters_is_pinyin(station: str) -> None:
    assert examine("departure_station_phonics", station, InvoiceKind.RAIL_E, {}) is NEUTRAL


@pytest.mark.parametrize("station", ["Nanjlngnan", "Suzhoubel", "Hongglao", "Wuhann"])
def test_a_station_misread_breaks_its_syllables(station: str) -> None:
    assert examine("destination_station_phonics", station, InvoiceKind.RAIL_E, {}).ratio < 1


@pytest.mark.parametrize("tax_id", ["91330602MA2D918", "91330602MA2D91827"])
def test_the_beginning_of_a_credit_code_is_no_tax_id(tax_id: str) -> None:
    assert examine("seller_tax_id", tax_id, InvoiceKind.ORDINARY_ROLL, {}).ratio < 1
    assert examine("seller_tax_id", "330602198001011", InvoiceKind.ORDINARY_ROLL, {}) is NEUTRAL
