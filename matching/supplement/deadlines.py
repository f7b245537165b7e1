"""The day by which a draft is to be finished. Saturdays and Sundays are not counted; public holidays are not known."""

from __future__ import annotations

from datetime import date, timedelta

_SATURDAY = 5


def due_after(day: date, working_days: int) -> date:
    """So many working days after `day`: made on a Friday, due on Monday. Never a Saturday or Sunday itself."""
    for _ in range(working_days):
        day = _working_day_from(day + timedelta(days=1))
    return _working_day_from(day)


def _working_day_from(day: date) -> date:
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day
