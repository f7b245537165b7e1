"""Which fields a kind always prints (domain §1.2), so that a field not found is told from a field not there."""

from __future__ import annotations

from models.kinds import KINDS, InvoiceKind

_K = InvoiceKind
_TABLE_FAMILY = frozenset(
    {
        _K.SPECIAL_PAPER, _K.ORDINARY_PAPER, _K.ORDINARY_E, _K.SPECIAL_E, _K.TOLL_E, _K.DIGITAL_SPECIAL,
        _K.DIGITAL_ORDINARY, _K.DIGITAL_PAPER_SPECIAL, _K.DIGITAL_PAPER_ORDINARY, _K.FREIGHT_OLD, _K.BLOCKCHAIN_SZ,
    }
)  # fmt: skip
_WITH_CHECK_CODE = frozenset({_K.ORDINARY_PAPER, _K.ORDINARY_E, _K.ORDINARY_ROLL, _K.TOLL_E, _K.BLOCKCHAIN_SZ})
_BUYER_ID = frozenset({_K.SPECIAL_PAPER, _K.SPECIAL_E, _K.DIGITAL_SPECIAL, _K.DIGITAL_PAPER_SPECIAL})
_TABLE_FIELDS = frozenset(
    {
        "buyer_name", "seller_name", "seller_tax_id", "total_excl_tax", "total_tax", "total_incl_tax",
        "total_in_words", "drawer",
    }
)  # fmt: skip
_VEHICLE = frozenset({_K.MOTOR_VEHICLE, _K.DIGITAL_VEHICLE, _K.DIGITAL_PAPER_VEHICLE})
_USED_VEHICLE = frozenset({_K.USED_VEHICLE, _K.DIGITAL_USED_VEHICLE, _K.DIGITAL_PAPER_USED_VEHICLE})
#: what forms of their own always print beside number, date and gross
_OWN_FORMS = (
    (
        _VEHICLE,
        frozenset({"buyer_name", "seller_name", "seller_tax_id", "total_excl_tax", "total_tax", "total_in_words"}),
    ),
    (_USED_VEHICLE, frozenset({"buyer_name", "seller_name", "total_in_words"})),
    (frozenset({_K.ORDINARY_ROLL}), frozenset({"seller_name", "seller_tax_id", "total_in_words"})),
)
_NO_FIXED_FORM = frozenset({_K.OTHER, _K.QUOTA, _K.TRAIN_PAPER, _K.BUS, _K.SHIP, _K.TOLL_PAPER, _K.MACHINE})


def always_printed(kind: InvoiceKind, field: str) -> bool:
    """True where every document of `kind` has `field`."""
    if kind is _K.OTHER:
        return False
    if field == "invoice_number":
        return kind is not _K.TRAIN_PAPER
    if field == "invoice_code":
        return KINDS[kind].number in ("code_and_8", "code_8_and_20")
    if field in ("issue_date", "total_incl_tax") and kind not in _NO_FIXED_FORM:
        return True
    if field == "check_code":
        return kind in _WITH_CHECK_CODE
    if field == "buyer_tax_id":
        return kind in _BUYER_ID
    if kind in _TABLE_FAMILY:
        return field in _TABLE_FIELDS
    return any(kind in kinds and field in fields for kinds, fields in _OWN_FORMS)


_DIGITAL = frozenset(kind for kind, facts in KINDS.items() if facts.number == "20")
_OLD_ONLY = frozenset({"invoice_code", "check_code"})


def never_has(kind: InvoiceKind, field: str) -> bool:
    """True where no document of `kind` has `field`, so that what looks like it is something else."""
    if kind is InvoiceKind.AIR_E and field == "check_code":
        return False
    return kind in _DIGITAL and field in _OLD_ONLY
