"""Names fold for comparison; legally different names never become equal."""

from __future__ import annotations

import pytest

from matching.folding import fold_name, same_name, split_form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("苏州云杉（集团）有限公司", "苏州云杉(集团)有限公司"),
        ("ＡＢＣ 科技有限公司", "abc科技有限公司"),
        ("甲·乙公司", "甲乙公司"),
    ],
)
def test_width_brackets_and_spaces_do_not_count(one: str, other: str) -> None:
    assert same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("云杉科技有限公司", "云杉科技有限责任公司"), ("云杉科技有限公司", "云杉科技股份有限公司"),
        ("云杉科技有限公司", "云杉科技（北京）有限公司"), ("云杉科技有限公司", "云杉科技有限公司上海分公司"),
        ("", ""), (None, None),
    ],
)  # fmt: skip
def test_different_names_stay_different(one: str | None, other: str | None) -> None:
    assert not same_name(one, other)


def test_the_form_is_set_aside_for_likeness_only() -> None:
    assert split_form("云杉科技有限责任公司") == (fold_name("云杉科技"), "有限责任公司")
    assert split_form("公司") == ("公司", "")
