"""What the ledger should make of a document: one outcome per planned document, with parties and date to fit.

Never matches anything: it only arranges the facts and writes down what reconciliation must find.
Source: the causes of absence in the domain reference §5.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from models.matching import CauseCode, MatchStatus
from samples.codes import AREAS, new_uscc
from samples.companies import new_company
from samples.truth import Party


class Outcome(StrEnum):
    MATCHED = "matched"
    DIFFERS = "differs"
    VOID = "void"
    RED_FLUSHED = "red_flushed"
    IS_RED = "is_red"
    DUPLICATE = "duplicate"
    OTHER_ENTITY = "other_entity"
    WRONG_DIRECTION = "wrong_direction"
    NEVER_RECORDED = "never_recorded"
    NOT_SYNCED = "not_synced"
    PERIOD_NOT_IMPORTED = "period_not_imported"
    KIND_NOT_IN_FEED = "kind_not_in_feed"
    MISTYPED = "mistyped"
    SPREADSHEET_DAMAGE = "spreadsheet_damage"
    NUMBER_TRUNCATED = "number_truncated"


EXPECTED: dict[Outcome, tuple[MatchStatus, CauseCode | None]] = {
    Outcome.MATCHED: (MatchStatus.MATCHED, None),
    Outcome.DIFFERS: (MatchStatus.DIFFERS, None),
    Outcome.VOID: (MatchStatus.VOID, CauseCode.VOIDED),
    Outcome.RED_FLUSHED: (MatchStatus.RED_FLUSHED, CauseCode.RED_FLUSHED),
    Outcome.IS_RED: (MatchStatus.ABSENT, CauseCode.IS_RED),
    Outcome.DUPLICATE: (MatchStatus.DUPLICATE, CauseCode.DUPLICATE),
    Outcome.OTHER_ENTITY: (MatchStatus.NOT_OURS, CauseCode.OTHER_ENTITY),
    Outcome.WRONG_DIRECTION: (MatchStatus.ABSENT, CauseCode.WRONG_DIRECTION),
    Outcome.NEVER_RECORDED: (MatchStatus.ABSENT, CauseCode.NEVER_RECORDED),
    Outcome.NOT_SYNCED: (MatchStatus.ABSENT, CauseCode.NOT_SYNCED_YET),
    Outcome.PERIOD_NOT_IMPORTED: (MatchStatus.ABSENT, CauseCode.PERIOD_NOT_IMPORTED),
    Outcome.KIND_NOT_IN_FEED: (MatchStatus.ABSENT, CauseCode.KIND_NOT_IN_FEED),
    Outcome.MISTYPED: (MatchStatus.PROBABLE, CauseCode.MISREAD_OR_MISTYPED),
    Outcome.SPREADSHEET_DAMAGE: (MatchStatus.PROBABLE, CauseCode.SPREADSHEET_DAMAGE),
    Outcome.NUMBER_TRUNCATED: (MatchStatus.PROBABLE, CauseCode.NUMBER_TRUNCATED),
}
#: outcomes whose record, right or damaged, stands in the bureau's export
IN_BUREAU = frozenset({Outcome.MATCHED, Outcome.DIFFERS, Outcome.VOID, Outcome.RED_FLUSHED})
#: outcomes whose record was typed into the ERP by hand
IN_ERP = frozenset({Outcome.MISTYPED, Outcome.SPREADSHEET_DAMAGE, Outcome.NUMBER_TRUNCATED})


@dataclass(frozen=True, slots=True)
class Scene:
    """Who we are, and the days the exports cover."""

    us: Party
    first_day: date
    last_day: date
    as_of: date  #: the day on which the exports were made


def new_scene(rng: Random, as_of: date = date(2024, 7, 1)) -> Scene:
    area = next(a for a in AREAS if a.code == "3300")
    company = new_company(rng, "equipment", area)
    us = Party(
        name="杭州澜朔智能装备有限公司",
        tax_id=new_uscc(rng, area),
        address_phone=company.address_phone,
        bank_account=company.bank_account,
        area=area,
    )
    last_day = as_of - timedelta(days=3)
    first_day = date(as_of.year, as_of.month - 3, 1) if as_of.month > 3 else as_of - timedelta(days=92)
    return Scene(us, first_day, last_day, as_of)


def issue_date_for(rng: Random, outcome: Outcome, scene: Scene) -> date:
    if outcome is Outcome.NOT_SYNCED:
        return scene.as_of - timedelta(days=1)
    if outcome is Outcome.PERIOD_NOT_IMPORTED:
        return scene.first_day - timedelta(days=rng.randint(40, 85))
    span = (scene.last_day - scene.first_day).days
    return scene.first_day + timedelta(days=rng.randint(5, span - 5))


def parties_for(rng: Random, outcome: Outcome, scene: Scene) -> tuple[Party | None, Party | None]:
    """(buyer, seller); None is drawn by the inventor."""
    if outcome is Outcome.OTHER_ENTITY:
        return new_company(rng, "service"), None
    if outcome is Outcome.WRONG_DIRECTION:
        return new_company(rng, "goods"), scene.us
    return scene.us, None
