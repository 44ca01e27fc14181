"""Indonesia's three time zones: which hour it is, and when an hour comes next. No summer time has ever moved them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

ZONES = {
    "WIB": timezone(timedelta(hours=7), "WIB"),  # Asia/Jakarta
    "WITA": timezone(timedelta(hours=8), "WITA"),  # Asia/Makassar
    "WIT": timezone(timedelta(hours=9), "WIT"),  # Asia/Jayapura
}
# By the first digits of a region's code: Bali and Nusa Tenggara; Kalimantan but for its west and centre; Sulawesi.
_CENTRAL = ("51", "52", "53", "63", "64", "65", "7")
_EASTERN = ("8", "9")


def zone_of(region: str) -> str:
    """The zone that a region's clocks show, by its code ("35.01")."""
    if region.startswith(_EASTERN):
        return "WIT"
    return "WITA" if region.startswith(_CENTRAL) else "WIB"


def is_within(hours: tuple[int, int] | None, zone: str, now: datetime) -> bool:
    """Whether ``now`` lies in these full hours of the zone; (22, 6) goes past midnight, (6, 6) is the whole day."""
    if hours is None:
        return False
    begin, end = hours
    hour = now.astimezone(ZONES[zone]).hour
    return begin <= hour < end if begin < end else hour >= begin or hour < end


def next_time(hour: int, zone: str, after: datetime) -> datetime:
    """The next moment later than ``after`` at which the zone's clocks show the full ``hour``."""
    local = after.astimezone(ZONES[zone])
    found = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return found if found > local else found + timedelta(days=1)


def shown(hour: int) -> str:
    """An hour as Indonesian writes it: "07.00"."""
    return f"{hour:02}.00"
