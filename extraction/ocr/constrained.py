"""Reading under constraints: the recogniser's posteriors searched for what can stand at this place.

A number holds digits only; a credit code has 18 characters of a fixed alphabet and two check characters. The search
never invents: every string it returns has a probability under the picture, and one that the picture hardly supports
is not returned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from extraction.checks import uscc, words
from extraction.ocr.engine import RecognisedLine
from extraction.ocr.recognition import decode
from extraction.ocr.scores import Posteriors, StepScores

DIGITS = "0123456789"
WORDS = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿圆元角分整正负数()（）"
#: what a credit code cannot hold, and what was printed there (domain §2.1, §7): V has no certain twin
CODE_TWINS = {"O": "0", "o": "0", "I": "1", "l": "1", "|": "1", "Z": "2", "z": "2", "S": "5", "s": "5"}
BEAM = 32
LEAST_STEP = 1e-4  #: classes below this at a step are not followed
LEAST_SHARE = 0.02  #: of the best string's probability, for a candidate to count


def restricted(line: RecognisedLine, alphabet: Sequence[str], allowed: str) -> RecognisedLine | None:
    """The best string over `allowed` alone; None without posteriors. Confidence counts what the constraint left out."""
    posteriors = line.posteriors
    if posteriors is None:
        return None
    narrow, characters = _narrow(posteriors, alphabet, allowed)
    decoded = decode(StepScores(narrow / np.maximum(narrow.sum(axis=1, keepdims=True), 1e-9)), characters, used=1.0)
    plain = narrow.max(axis=1)
    kept = float(plain[narrow.argmax(axis=1) > 0].mean()) if decoded.line.text else 0.0
    return RecognisedLine(decoded.line.text, min(decoded.line.confidence, kept), line.scores)


def credit_codes(line: RecognisedLine, alphabet: Sequence[str]) -> list[tuple[str, float]]:
    """Credit codes with right check characters that the picture supports, with their share of the probability of all
    18-character strings found; likeliest first."""
    if line.posteriors is None:
        return []
    narrow, characters = _narrow(line.posteriors, alphabet, uscc.ALPHABET, CODE_TWINS)
    strings = {text: p for text, p in beam_search(narrow, characters).items() if len(text) == 18}
    if not strings:
        return []
    best, total = max(strings.values()), sum(strings.values())
    passing = [
        (text, p / total)
        for text, p in strings.items()
        if p >= LEAST_SHARE * best and uscc.valid(text) and uscc.org_check_valid(text)
    ]
    return sorted(passing, key=lambda found: -found[1])


def spoken_amounts(line: RecognisedLine, alphabet: Sequence[str]) -> list[tuple[str, float]]:
    """Amounts in words that keep the grammar and that the picture supports, with their share of the probability of all
    strings found; likeliest first. Two ways to write one amount are two strings."""
    posteriors = line.posteriors
    if posteriors is None:
        return []
    narrow, characters = _narrow(posteriors, alphabet, WORDS)
    strings = beam_search(narrow, characters)
    total = sum(strings.values()) or 1.0
    best = max(strings.values(), default=0.0)
    spoken = [(t, p / total) for t, p in strings.items() if p >= LEAST_SHARE * best and words.parse(t) is not None]
    return sorted(spoken, key=lambda found: -found[1])


def beam_search(matrix: Posteriors, characters: Sequence[str], width: int = BEAM) -> dict[str, float]:
    """CTC prefix beam search (Hannun et al. 2014, without a language model): string → probability."""
    beams: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}  # prefix → (ends in blank, ends in its character)
    for step in matrix:
        following = np.flatnonzero(step > LEAST_STEP)
        found: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for prefix, (blank, own) in beams.items():
            for index in following:
                p = float(step[index])
                if index == 0:
                    found[prefix][0] += (blank + own) * p
                    continue
                character = characters[index - 1]
                if prefix and prefix[-1] == character:
                    found[prefix][1] += own * p
                    found[prefix + character][1] += blank * p
                else:
                    found[prefix + character][1] += (blank + own) * p
        ranked = sorted(found.items(), key=lambda item: -(item[1][0] + item[1][1]))[:width]
        scale = sum(b + o for _, (b, o) in ranked) or 1.0
        beams = {prefix: (b / scale, o / scale) for prefix, (b, o) in ranked}
    return {prefix: blank + own for prefix, (blank, own) in beams.items()}


def _narrow(
    matrix: Posteriors, alphabet: Sequence[str], allowed: str, twins: Mapping[str, str] | None = None
) -> tuple[Posteriors, list[str]]:
    """Columns of the blank and the allowed characters; what was read as a twin counts for the character it means."""
    characters = [c for c in allowed if c in alphabet]
    columns = [0, *(alphabet.index(c) + 1 for c in characters)]
    narrow = matrix[:, columns]
    for twin, meant in (twins or {}).items():
        if twin in alphabet and meant in characters:
            narrow[:, characters.index(meant) + 1] += matrix[:, alphabet.index(twin) + 1]
    return narrow, characters
