"""Constrained reading finds what the picture supports and what can stand there, and nothing else."""

from __future__ import annotations

import numpy as np

from extraction.ocr.constrained import DIGITS, WORDS, beam_search, credit_codes, restricted, spoken_amounts
from extraction.ocr.engine import RecognisedLine
from extraction.ocr.scores import Posteriors

ALPHABET = list(dict.fromkeys("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" + WORDS + "捨价"))
CODE = "91110108769914581E"


def line(text: str, doubts: dict[int, tuple[str, float]] | None = None) -> RecognisedLine:
    """Posteriors of `text`, a blank after each character; `doubts`: place → other character and its share."""
    steps = []
    for place, character in enumerate(text):
        row = np.full(len(ALPHABET) + 1, 1e-6, np.float32)
        other, share = (doubts or {}).get(place, ("0", 0.0))
        row[ALPHABET.index(other) + 1] += share
        row[ALPHABET.index(character) + 1] += 1 - share
        blank = np.full(len(ALPHABET) + 1, 1e-6, np.float32)
        blank[0] = 1.0
        steps += [row, blank]
    matrix: Posteriors = np.stack(steps)
    return RecognisedLine(text, 0.9, matrix / matrix.sum(axis=1, keepdims=True))


def test_digits_only_reads_the_digit_behind_a_letter() -> None:
    found = restricted(line("1853Z887", {4: ("2", 0.4)}), ALPHABET, DIGITS)
    assert found is not None
    assert found.text == "18532887"
    assert found.confidence < 0.95, "the constraint left out what the picture said first"


def test_a_clear_number_stays_as_sure_as_it_was() -> None:
    found = restricted(line("18532887"), ALPHABET, DIGITS)
    assert found is not None
    assert (found.text, round(found.confidence, 2)) == ("18532887", 1.0)


def test_the_check_characters_find_the_code_behind_a_misread_digit() -> None:
    misread = CODE[:8] + "1" + CODE[9:]
    ((found, share),) = credit_codes(line(misread, {8: (CODE[8], 0.3)}), ALPHABET)
    assert found == CODE
    assert 0.2 < share < 0.4


def test_a_code_that_the_picture_does_not_support_is_not_found() -> None:
    misread = CODE[:8] + "1" + CODE[9:]
    assert credit_codes(line(misread), ALPHABET) == []


def test_a_letter_that_no_code_holds_counts_for_the_digit_it_looks_like() -> None:
    code = "91440300708461136T"
    ((found, share),) = credit_codes(line(code.replace("0", "O")), ALPHABET)
    assert found == code
    assert share > 0.9, "the letter was read surely, and the picture cannot hold it"


def test_a_letter_for_a_digit_in_a_code_that_fails_all_the_same_finds_nothing() -> None:
    assert credit_codes(line("9144O300708461137T"), ALPHABET) == []


def test_beam_search_adds_up_all_paths_of_a_string() -> None:
    matrix = np.array([[0.5, 0.5], [0.5, 0.5]], np.float32)
    found = beam_search(matrix, ["a"])
    assert round(found["a"], 3) == 0.75
    assert round(found[""], 3) == 0.25


def test_without_posteriors_there_is_nothing_to_constrain() -> None:
    bare = RecognisedLine("18532887", 0.9, None)
    assert restricted(bare, ALPHABET, DIGITS) is None
    assert credit_codes(bare, ALPHABET) == []


def test_the_grammar_of_amounts_finds_the_word_behind_a_misread_character() -> None:
    misread = line("叁佰贰捨伍圆整", {3: ("拾", 0.2)})
    ((found, share), *_) = spoken_amounts(misread, ALPHABET)
    assert found == "叁佰贰拾伍圆整"
    assert share > 0.9


def test_two_amounts_that_the_picture_supports_alike_share_its_probability() -> None:
    found = spoken_amounts(line("叁佰圆整", {0: ("贰", 0.45)}), ALPHABET)
    assert [text for text, _ in found] == ["叁佰圆整", "贰佰圆整"]
    assert all(share < 0.6 for _, share in found)


def test_words_that_no_amount_can_be_are_not_bent_into_one() -> None:
    assert spoken_amounts(line("圆佰叁整"), ALPHABET) == []
