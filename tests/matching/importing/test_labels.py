"""票种 and 发票状态 as exports of several years print them."""

from __future__ import annotations

import pytest

from matching.importing.labels import kind_of, state_of
from models.kinds import InvoiceKind as K
from models.ledger import RecordState as S


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("数电发票（增值税专用发票）", K.DIGITAL_SPECIAL), ("数电票（普通发票）", K.DIGITAL_ORDINARY),
        ("全电发票(普通发票)", K.DIGITAL_ORDINARY), ("数电发票（铁路电子客票）", K.RAIL_E),
        ("数电发票（航空运输电子客票行程单）", K.AIR_E), ("数电发票（机动车销售统一发票）", K.DIGITAL_VEHICLE),
        ("数电纸质发票（增值税专用发票）", K.DIGITAL_PAPER_SPECIAL),
        ("增值税专用发票（数电纸质）", K.DIGITAL_PAPER_SPECIAL),
        ("增值税专用发票", K.SPECIAL_PAPER), ("增值税电子普通发票", K.ORDINARY_E),
        ("增值税普通发票（卷式）", K.ORDINARY_ROLL), ("道路通行费电子普通发票", K.TOLL_E),
        ("81", K.DIGITAL_SPECIAL), ("01", K.SPECIAL_PAPER), ("海关缴款书", K.OTHER), ("某种新发票", None), ("", None),
    ],
)  # fmt: skip
def test_kind(label: str, kind: K | None) -> None:
    assert kind_of(label) is kind


@pytest.mark.parametrize(
    ("label", "state"),
    [
        ("正常", S.NORMAL), ("作废", S.VOID), ("已作废", S.VOID), ("已红冲-全额", S.RED_FULL),
        ("已红冲-部分", S.RED_PARTIAL), ("已红冲（部分）", S.RED_PARTIAL), ("失控", S.LOST_CONTROL),
        ("异常", S.ABNORMAL), ("01", S.NORMAL), ("1", S.LOST_CONTROL), ("2", S.VOID), ("04", S.RED_PARTIAL),
        ("4", S.ABNORMAL), ("已审核", S.UNKNOWN), (None, S.UNKNOWN),
    ],
)  # fmt: skip
def test_state(label: str | None, state: S) -> None:
    assert state_of(label) is state
