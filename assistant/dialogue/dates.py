"""Dates as people say them: "two weeks ago", "on Monday", "in March".

If several days are possible, the latest is taken. Some treatments rule out a massage for a while,
and waiting too long harms nobody.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from assistant.understanding.intent import Slot

DAYS_PER_WEEK = 7
DAYS_PER_MONTH = 30
"""Near enough: nobody counts "two months ago" to the day."""


def date_told(slots: Mapping[str, Slot], today: date) -> date | None:
    """Return the day that `days`, `weeks`, `months`, `weekday` (Monday 0) or `month` (1-12) name.

    None if there is no such slot, as after "I don't remember".
    """
    if "weekday" in slots:
        return today - timedelta(days=(today.weekday() - int(slots["weekday"])) % DAYS_PER_WEEK)
    if "month" in slots:
        return _last_day_of(int(slots["month"]), today)
    ago = {"days": 1, "weeks": DAYS_PER_WEEK, "months": DAYS_PER_MONTH}
    for unit, days in ago.items():
        if unit in slots:
            return today - timedelta(days=int(slots[unit]) * days)
    return None


def _last_day_of(month: int, today: date) -> date:
    """Return the last day of the latest such month, or today in the current month."""
    if month == today.month:
        return today
    year = today.year if month < today.month else today.year - 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)
