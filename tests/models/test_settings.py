"""A setting that could not work is refused at the start, by its name."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from models.settings import Settings


@pytest.mark.parametrize(
    ("name", "value"),
    [("max_file_bytes", 0), ("max_pages", -1), ("max_members", 0), ("port", 0), ("port", 70_000),
     ("supplement_due_days", 10_000), ("sync_delay_days", -1)],
)  # fmt: skip
def test_a_value_that_cannot_work_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: int) -> None:
    monkeypatch.setenv(f"CHAPIAO_{name.upper()}", str(value))
    with pytest.raises(ValidationError, match=name):
        Settings()
