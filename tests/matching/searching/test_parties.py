"""Names by any part, by sound, and with one wrong character."""

from __future__ import annotations

import pytest

from matching.searching.parties import Parties

NAMES = [
    "北京乾坤来科技有限公司",
    "重庆长江物流有限公司",
    "苏州云杉科技（集团）有限公司",
    "ABC贸易有限公司",
    "单氏餐饮店",
]


@pytest.fixture(scope="module")
def parties() -> Parties:
    made = Parties()
    for at, name in enumerate(NAMES):
        made.number(name, f"91320500MA0000000{at}")
    return made


def names(found: set[int]) -> set[str]:
    return {NAMES[number - 1] for number in found}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("乾坤", NAMES[0]),
        ("来", NAMES[0]),
        ("bjqkl", NAMES[0]),
        ("BJQK", NAMES[0]),
        ("beijingqian", NAMES[0]),
        ("cqcj", NAMES[1]),  # 重 sounds chong and zhong, 长 chang and zhang
        ("zqzj", NAMES[1]),
        ("云杉科技(集团)", NAMES[2]),
        ("ａｂｃ", NAMES[3]),
        ("sscy", NAMES[4]),
        ("dscy", NAMES[4]),
        ("ma00000003", NAMES[3]),
    ],
)
def test_is_found_by(parties: Parties, typed: str, expected: str) -> None:
    assert names(parties.found(typed)) == {expected}


@pytest.mark.parametrize("typed", ["北京乾昆来科技", "北京坤来科技", "北京乾坤莱来", "云衫科技", "长江物劉有限公司"])
def test_one_wrong_character_is_forgiven(parties: Parties, typed: str) -> None:
    assert parties.found(typed) == set()
    assert len(parties.nearly(typed)) == 1


@pytest.mark.parametrize("typed", ["上海乾昆来科技", "云", "云山", "abcd"])
def test_two_are_not(parties: Parties, typed: str) -> None:
    assert parties.nearly(typed) == set()


def test_the_same_party_is_kept_once(parties: Parties) -> None:
    before = len(parties)
    assert parties.number(NAMES[0], "91320500MA00000000") == 1
    assert len(parties) == before
