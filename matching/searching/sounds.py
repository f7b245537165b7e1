"""How Chinese names sound, for search by pinyin: initials and whole syllables, every reading of a polyphone.

From pypinyin's table of single characters; names of companies are not looked up as phrases, so 重庆 answers to `zq`
and `cq` alike.
"""

from __future__ import annotations

from functools import cache
from itertools import islice, product

from pypinyin import Style, pinyin

MOST_READINGS = 24  #: of one name; a name of many polyphones keeps its commonest ones


@cache
def readings(character: str) -> tuple[str, ...]:
    """Syllables of a character without tones, the commonest first; other characters stand for themselves."""
    (found,) = pinyin(character, style=Style.NORMAL, heteronym=True, errors=lambda text: text)
    return tuple(dict.fromkeys(syllable.replace("ü", "v") for syllable in found if syllable)) or (character,)


def initials(name: str) -> tuple[str, ...]:
    """`北京乾坤来` → (`bjqkl`, `bjgkl`): 乾 is read qian and gan."""
    letters = [tuple(dict.fromkeys(syllable[0] for syllable in readings(each))) for each in reversed(name)]
    # the first characters of a name vary fastest: they tell companies apart, 有限公司 does not
    return tuple("".join(reversed(each)) for each in islice(product(*letters), MOST_READINGS))


def syllables(name: str) -> str:
    """`北京` → `beijing`, by the commonest reading of each character."""
    return "".join(readings(each)[0] for each in name)
