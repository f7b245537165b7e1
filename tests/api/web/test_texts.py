"""Every text exists in both languages, says the same things, and every page finds the texts it asks for."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from api.web.texts import TEXTS, text
from matching.companies import exported
from matching.importing.formats import FORMATS
from matching.reconciliation.ageing import Age
from matching.sentences import SENTENCES
from models.authenticity import Coverage, SealKind, Verdict
from models.evidence import Source
from models.invoice import COMMON_FIELDS, Line
from models.kinds import InvoiceKind
from models.ledger import Direction, RecordState
from models.matching import CauseCode, DraftState, MatchStatus
from models.tables import CompanyRow
from models.tables.accounts import Role
from models.tables.documents import DocumentState

CODE = sorted(p for p in Path("api").rglob("*.py") if "texts" not in p.parts)
TEMPLATES = sorted(Path("api/web/templates").glob("*.html"))


def test_every_key_has_both_languages_with_the_same_blanks() -> None:
    assert [key for key, both in TEXTS.items() if not both.zh.strip() or not both.en.strip()] == []
    assert [key for key, both in TEXTS.items() if blanks(both.zh) != blanks(both.en)] == []


def blanks(pattern: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(pattern) if name}


def test_english_texts_hold_no_chinese_except_the_language_switch() -> None:
    chinese = {key for key, both in TEXTS.items() if re.search(r"[\u4e00-\u9fff]", both.en)}
    assert chinese == {"other_language"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_a_template_asks_only_for_texts_that_exist(path: Path) -> None:
    asked = set(re.findall(r"\bt\('([^']+)'", path.read_text(encoding="utf-8")))
    assert asked <= TEXTS.keys()


def test_no_text_is_left_over() -> None:
    """A key that nothing asks for is dead; groups asked for by value are exempt."""
    by_value = re.compile(
        r"(kind|field|line|match|cause|check|source|record|direction|format|state|filter|channel|draft|event|role|action|seal|verdict|covers|staged|column|counted|month|grain|notice|noticed|why|relation)\."
    )
    named = {f"{group}.{name}" for group, names in NAMED.items() for name in names}
    sources = "".join(p.read_text(encoding="utf-8") for p in [*TEMPLATES, *CODE])
    unused = [
        key
        for key in TEXTS.keys() - named
        if not by_value.match(key) and f"'{key}'" not in sources and f'"{key}"' not in sources
    ]
    assert sorted(unused) == []


#: what pages print by value, where one can list every value
NAMED = {
    "company": list(exported(CompanyRow(former_names=[], names_until={}))),
    "age": [a.value for a in Age],
    "search": ["document", "record", "draft"],
    "found": ["application_number", "document", "item_name", "specification"],
    "self_check": ["digest_new", "digest_settled", "digest_overdue"],
}


@pytest.mark.parametrize(
    ("group", "names"),
    [
        ("kind", [k.value for k in InvoiceKind]),
        ("match", [s.value for s in MatchStatus if s is not MatchStatus.NO_DOCUMENT]),
        ("cause", [c.value for c in CauseCode]),
        ("draft", [s.value for s in DraftState]),
        ("role", [r.value for r in Role]),
        ("state", [s.value for s in DocumentState]),
        ("record", [s.value for s in RecordState]),
        ("direction", [d.value for d in Direction]),
        ("source", [s.value for s in Source]),
        ("field", COMMON_FIELDS),
        ("line", Line.CELLS),
        ("format", [f.name for f in FORMATS]),
        ("seal", [k.value for k in SealKind]),
        ("verdict", [v.value for v in Verdict]),
        ("covers", [c.value for c in Coverage]),
        ("channel", ["web", "phone", "rest", "folder", "cli"]),
        *NAMED.items(),
    ],
)
def test_every_value_that_a_page_prints_has_a_name(group: str, names: list[str]) -> None:
    assert [name for name in names if f"{group}.{name}" not in TEXTS] == []


def test_an_unknown_key_fails_loudly() -> None:
    with pytest.raises(KeyError):
        text("no.such.key", "zh")


#: a word for a thing: the word that is not used → the one that is
ONE_WORD = {"票据": "单据", "文档": "单据", "已关闭": "已办结", "已完结": "已办结"}


@pytest.mark.parametrize("word", ONE_WORD)
def test_one_thing_has_one_word(word: str) -> None:
    """A captured paper is a 单据, what the tax account knows by its number a 发票; a finished supplement is 已办结."""
    used = [key for key, both in TEXTS.items() if word in both.zh]
    assert used == [], f"use {ONE_WORD[word]}"


def test_the_sentences_of_findings_use_the_same_words() -> None:
    assert [code for code, (zh, _) in SENTENCES.items() if "票据" in zh] == []
