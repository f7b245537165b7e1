"""What matching says exists in both languages with the same blanks, and a stored finding can be read in either."""

from __future__ import annotations

import re
from collections.abc import Callable
from string import Formatter

import pytest
from sqlalchemy.orm import Session

from matching.importing.damage import TEXT, Damage
from matching.sentences import SENTENCES
from matching.wording import Said, in_language, join, render, say
from models.matching import MatchResult
from models.tables import CompanyRow, ImportRow
from tests.matching.captures import NUMBER, capture
from tests.matching.ledger_rows import basic_row

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def blanks(pattern: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(pattern) if name}


def named(group: str, name: str) -> str:
    return f"<{group} {name}>"


@pytest.mark.parametrize("code", SENTENCES)
def test_both_languages_say_the_same(code: str) -> None:
    chinese, english = SENTENCES[code]
    assert blanks(chinese) == blanks(english)
    assert CHINESE.search(chinese)
    assert not CHINESE.search(english.replace("全量发票查询", "")), "only the name of the bureau's query stays"


def test_a_sentence_is_its_chinese_text_and_remembers_what_it_was_made_of() -> None:
    said = say("differs_in", fields=["seller_name", "total_incl_tax"])
    assert said == "不一致：销售方名称、价税合计"
    assert render(*said.export(), "en", named) == "different: <field seller_name>, <field total_incl_tax>"


def test_sentences_within_sentences() -> None:
    slip = say("number_slip", number="1", other="2", slip=["slip_confused", {}])
    said = join([say("please_confirm", relation=slip.export()), say("more_like_it", count=2)])
    assert said == "号码 1 与记录 2 只差 1 位易混数字，请人工确认；另有 2 条相近记录"
    assert render(*said.export(), "en") == (
        "number 1 differs from the record's 2 by one look-alike digit: please confirm; 2 more similar records"
    )


@pytest.mark.parametrize("damage", Damage)
def test_damage_is_told_as_import_tells_it(damage: Damage) -> None:
    assert SENTENCES[f"damage_{damage.value}"][0] == TEXT[damage]


@pytest.mark.parametrize(
    "changes",
    [{}, {"issue_date": "2025-04-19"}, {"buyer_tax_id": None, "buyer_name": "个人"}, {"issue_date": "2024-01-05"}],
)
def test_a_stored_finding_in_english(
    session: Session, us: CompanyRow, ledger: Callable[..., ImportRow], find: Callable[..., MatchResult],
    changes: dict[str, str | None],
) -> None:  # fmt: skip
    ledger(basic_row("25312000000900000001", 开票日期="2025-03-01"), basic_row("25312000000900000002"))
    row = capture(session, **changes)
    found = find(row)
    assert row.match is not None
    assert all(isinstance(text, Said) for cause in found.causes for text in (*cause.evidence, cause.action))
    told = in_language(row.match, "en", named)
    texts = [told["why"], *(t for c in told["causes"] for t in (*c["evidence"], c["action"]))]
    own = ("个人", "全量发票查询")
    assert [t for t in texts if CHINESE.search(t.replace(own[0], "").replace(own[1], ""))] == []
    assert in_language(row.match, "zh", named)["causes"] == row.match["causes"], "the contract stays Chinese"


def test_what_was_written_over_since_stays(session: Session, find: Callable[..., MatchResult]) -> None:
    row = capture(session)
    find(row)
    over = (row.match or {}) | {"why": "补录已批准", "causes": []}
    assert in_language(over, "en", named)["why"] == "补录已批准"
    assert in_language({"why": NUMBER, "causes": []}, "en", named) == {"why": NUMBER, "causes": []}
