"""Values of forms that are lists of labels: a name is what is left when its cell's own labels are gone."""

from __future__ import annotations

import pytest

from extraction.layouts.labelled import party


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("澄汀信机电有限公司", "澄汀信机电有限公司"),
        ("身份证号码/ 张华佳组织机构代码", "张华佳"),
        ("（盖章有效）", None),
        ("(盖章)", None),
    ],
)
def test_a_party_is_no_label_and_no_place_for_a_seal(cell: str, name: str | None) -> None:
    assert party(cell) == name
