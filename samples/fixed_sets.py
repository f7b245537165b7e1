"""The two fixed sets: the demo's, and the hard one with a sample for every oddity that real documents showed.

The hard set follows the numbered notes on real documents; a sample's id begins with its note's number.
"""

from __future__ import annotations

from models.kinds import InvoiceKind
from samples import wear
from samples.ledger import RECORDED
from samples.outcomes import Outcome
from samples.planning import Plan
from samples.rendering import Handling
from samples.special_business import LABELS
from samples.truth import Defect, Medium, Trait

_K = InvoiceKind
_D = Defect
_PDF, _OFD, _XML, _SCAN, _PHOTO = Medium.PDF, Medium.OFD, Medium.XML, Medium.SCAN, Medium.PHOTO


def demo_plans() -> list[Plan]:
    """The finished set: every medium, and most answers that reconciliation can give."""
    table = Handling(level=wear.MEDIUM, width=1900)
    rows: tuple[tuple[str, InvoiceKind, Medium, Outcome, tuple[Trait, ...], Handling], ...] = (
        ("01-digital-ordinary", _K.DIGITAL_ORDINARY, _PDF, Outcome.MATCHED, (), table),
        ("02-digital-special", _K.DIGITAL_SPECIAL, _OFD, Outcome.MATCHED, (), table),
        ("03-digital-special", _K.DIGITAL_SPECIAL, _XML, Outcome.NOT_SYNCED, (), table),
        ("04-ordinary-e", _K.ORDINARY_E, _PDF, Outcome.DIFFERS, (), table),
        ("05-special-e", _K.SPECIAL_E, _OFD, Outcome.RED_FLUSHED, (), table),
        ("06-special-paper-scan", _K.SPECIAL_PAPER, _SCAN, Outcome.VOID, (), Handling(misprint=(0.4, -0.6))),
        ("07-ordinary-paper-photo", _K.ORDINARY_PAPER, _PHOTO, Outcome.MISTYPED, (), table),
        ("08-roll-photo", _K.ORDINARY_ROLL, _PHOTO, Outcome.KIND_NOT_IN_FEED, (), Handling(width=1100)),
        ("09-toll", _K.TOLL_E, _PDF, Outcome.MATCHED, (), table),
        ("10-on-behalf", _K.ORDINARY_E, _PDF, Outcome.MATCHED, (Trait.ON_BEHALF,), table),
        ("11-digital-red", _K.DIGITAL_SPECIAL, _PDF, Outcome.IS_RED, (Trait.RED,), table),
        ("12-goods-list", _K.ORDINARY_E, _PDF, Outcome.MATCHED, (Trait.GOODS_LIST,), table),
        ("13-digital-multi-page", _K.DIGITAL_SPECIAL, _PDF, Outcome.SPREADSHEET_DAMAGE, (Trait.MULTI_PAGE,), table),
        ("14-digital-discount", _K.DIGITAL_ORDINARY, _PDF, Outcome.NEVER_RECORDED, (Trait.DISCOUNT,), table),
        ("15-tax-free", _K.ORDINARY_E, _PDF, Outcome.PERIOD_NOT_IMPORTED, (Trait.TAX_FREE,), table),
        ("16-digital-other-buyer", _K.DIGITAL_ORDINARY, _PDF, Outcome.OTHER_ENTITY, (), table),
        ("17-digital-we-sold", _K.DIGITAL_SPECIAL, _PDF, Outcome.WRONG_DIRECTION, (), table),
    )
    plans = [
        Plan(id=name, kind=kind, medium=medium, outcome=outcome, traits=frozenset(traits), handling=handling)
        for name, kind, medium, outcome, traits, handling in rows
    ]
    again = Plan(
        id="18-photo-of-01",
        kind=_K.DIGITAL_ORDINARY,
        medium=_PHOTO,
        outcome=Outcome.DUPLICATE,
        handling=Handling(level=wear.MEDIUM, width=1700, turns=1, exif=True),
        of="01-digital-ordinary",
    )
    return [*plans, again]


def hard_plans() -> list[Plan]:
    """At least one document for every note on real documents."""
    rows: tuple[tuple[str, InvoiceKind, Medium, tuple[Trait, ...], tuple[Defect, ...]], ...] = (
        ("01-garbled-text", _K.ORDINARY_E, _PDF, (), (_D.GARBLED_TEXT,)),
        ("01-junk-labels", _K.ORDINARY_E, _PDF, (), (_D.JUNK_LABELS,)),
        ("01-kangxi", _K.DIGITAL_ORDINARY, _PDF, (), (_D.KANGXI,)),
        ("01-kangxi-ofd", _K.DIGITAL_SPECIAL, _OFD, (), (_D.KANGXI,)),
        ("01-hidden-header", _K.DIGITAL_SPECIAL, _PDF, (), (_D.HIDDEN_HEADER,)),
        ("01-no-yen", _K.ORDINARY_E, _PDF, (), (_D.NO_YEN,)),
        ("02-split-labels", _K.DIGITAL_ORDINARY, _PDF, (), (_D.SPLIT_LABELS,)),
        ("02-seal-text", _K.SPECIAL_E, _PDF, (), (_D.SEAL_TEXT,)),
        ("02-seal-text-digital", _K.DIGITAL_ORDINARY, _PDF, (), (_D.SEAL_TEXT,)),
        ("03-discount", _K.ORDINARY_E, _PDF, (Trait.DISCOUNT,), ()),
        ("04-touching-columns", _K.DIGITAL_SPECIAL, _PDF, (Trait.MULTI_PAGE,), ()),
        ("04-order-number", _K.DIGITAL_ORDINARY, _PDF, (), (_D.ORDER_NUMBER,)),
        ("05-passenger", _K.DIGITAL_ORDINARY, _PDF, (Trait.PASSENGER,), ()),
        *(
            (f"05-{trait.value.replace('_', '-')}", _K.DIGITAL_ORDINARY, _PDF, (trait,), ())
            for trait in sorted(LABELS)
            if trait is not Trait.PASSENGER
        ),
        ("05-toll", _K.TOLL_E, _PDF, (), ()),
        ("05-digital-toll", _K.DIGITAL_ORDINARY, _PDF, (Trait.TOLL,), ()),
        ("06-qr-short-amount", _K.ORDINARY_E, _PDF, (), (_D.QR_SHORT_AMOUNT,)),
        ("06-qr-no-crc", _K.DIGITAL_ORDINARY, _PDF, (), (_D.QR_NO_CRC,)),
        ("06-qr-blanks", _K.DIGITAL_SPECIAL, _PDF, (), (_D.QR_BLANKS,)),
        ("06-qr-dashed-date", _K.DIGITAL_ORDINARY, _PDF, (), (_D.QR_DASHED_DATE,)),
        ("06-qr-error", _K.ORDINARY_E, _PDF, (), (_D.QR_ERROR,)),
        ("06-qr-missing", _K.SPECIAL_PAPER, _SCAN, (), (_D.QR_MISSING,)),
        ("06-qr-kind-20", _K.SPECIAL_E, _PDF, (), (_D.QR_KIND_20,)),
        ("06-qr-blockchain", _K.BLOCKCHAIN_SZ, _PDF, (), ()),
        ("06-qr-fiscal", _K.OTHER, _PDF, (), ()),
        ("07-check-code-closed", _K.ORDINARY_E, _PDF, (), (_D.CHECK_CODE_CLOSED,)),
        ("08-on-behalf", _K.ORDINARY_E, _PDF, (Trait.ON_BEHALF,), ()),
        ("08-personal", _K.DIGITAL_ORDINARY, _PDF, (Trait.PERSONAL,), ()),
        ("08-old-tax-id", _K.ORDINARY_E, _PDF, (), (_D.OLD_TAX_ID,)),
        ("08-long-tax-id", _K.DIGITAL_ORDINARY, _OFD, (), (_D.LONG_TAX_ID,)),
        ("09-tax-free", _K.DIGITAL_ORDINARY, _XML, (Trait.TAX_FREE,), ()),
        ("09-not-taxed", _K.DIGITAL_ORDINARY, _PDF, (Trait.NOT_TAXED,), ()),
        ("09-zero-rate", _K.DIGITAL_ORDINARY, _PDF, (Trait.ZERO_RATE,), ()),
        ("09-difference", _K.DIGITAL_ORDINARY, _PDF, (Trait.DIFFERENCE,), ()),
        ("09-stars-in-xml", _K.DIGITAL_ORDINARY, _XML, (Trait.NOT_TAXED,), ()),
        ("10-odd-folders", _K.ORDINARY_E, _OFD, (), (_D.OFD_ODD_FOLDERS, _D.OFD_CDATA)),
        ("10-goods-list-ofd", _K.ORDINARY_E, _OFD, (Trait.GOODS_LIST,), ()),
        ("11-false-extension", _K.SPECIAL_PAPER, _SCAN, (), (_D.FALSE_EXTENSION,)),
        ("11-sideways", _K.ORDINARY_PAPER, _SCAN, (), (_D.SIDEWAYS,)),
        ("11-screenshot", _K.DIGITAL_ORDINARY, Medium.SCREENSHOT, (), ()),
        ("12-taxi", _K.TAXI, _PHOTO, (), ()),
        ("12-air", _K.AIR_E, _PDF, (), ()),
        ("12-train", _K.TRAIN_PAPER, _PHOTO, (), ()),
        ("12-fiscal", _K.OTHER, _SCAN, (), ()),
        ("13-goods-list", _K.ORDINARY_E, _PDF, (Trait.GOODS_LIST,), ()),
        ("15-ghost", _K.ORDINARY_PAPER, _PHOTO, (), (_D.GHOST,)),
        ("15-second-head", _K.SPECIAL_PAPER, _PHOTO, (), (_D.SECOND_HEAD,)),
        ("15-pack-of-forms", _K.SPECIAL_PAPER, _PHOTO, (), (_D.GHOST, _D.SECOND_HEAD)),
        ("16-check-code-in-remarks", _K.ORDINARY_PAPER, _SCAN, (), (_D.CHECK_CODE_IN_REMARKS,)),
        ("16-photocopy", _K.SPECIAL_PAPER, _SCAN, (), (_D.PHOTOCOPY,)),
        ("16-pen", _K.ORDINARY_PAPER, _PHOTO, (), (_D.PEN,)),
        ("17-picture-only", _K.ORDINARY_E, _PDF, (), (_D.PICTURE_ONLY,)),
        ("17-red", _K.ORDINARY_E, _PDF, (Trait.RED,), ()),
        ("17-qr-gross", _K.ORDINARY_E, _PDF, (), (_D.QR_GROSS,)),
        ("18-rail", _K.RAIL_E, _PDF, (), ()),
        ("18-rail-attached", _K.RAIL_E, _PDF, (), (_D.XBRL_ATTACHED,)),
        ("18-rail-xbrl", _K.RAIL_E, _XML, (), ()),
    )
    plans = [
        Plan(
            id=name,
            kind=kind,
            medium=medium,
            traits=frozenset(traits),
            defects=frozenset(defects),
            outcome=Outcome.IS_RED if Trait.RED in traits else _plain_outcome(kind),
        )
        for name, kind, medium, traits, defects in rows
    ]
    turned = Handling(turns=1, exif=True)
    return [
        *plans,
        Plan(id="11-exif", kind=_K.ORDINARY_PAPER, medium=_PHOTO, handling=turned),
        Plan(id="11-quarter-turn", kind=_K.SPECIAL_PAPER, medium=_PHOTO, handling=Handling(turns=3)),
        Plan(id="11-same-again", kind=_K.DIGITAL_ORDINARY, medium=_PHOTO, outcome=Outcome.DUPLICATE, of="01-kangxi"),
        Plan(id="14-misprint-high", kind=_K.SPECIAL_PAPER, medium=_SCAN, handling=Handling(misprint=(-2.0, -4.5))),
        Plan(
            id="14-misprint-two-rows-high",
            kind=_K.ORDINARY_PAPER,
            medium=_SCAN,
            handling=Handling(misprint=(0.0, -9.0)),
        ),
        Plan(id="14-misprint-low", kind=_K.ORDINARY_PAPER, medium=_PHOTO, handling=Handling(misprint=(2.5, 4.0))),
        Plan(id="16-folded-on-cloth", kind=_K.ORDINARY_PAPER, medium=_PHOTO, handling=Handling(level=wear.HARD)),
        Plan(id="17-two-on-a4", kind=_K.ORDINARY_E, medium=_PDF, pair=True),
    ]


def _plain_outcome(kind: InvoiceKind) -> Outcome:
    return Outcome.MATCHED if kind in RECORDED else Outcome.KIND_NOT_IN_FEED
