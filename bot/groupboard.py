"""/atur: how the bot behaves in a group, in words, with a button for each choice. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot import hours
from bot.choices import Verb, encode
from bot.regions import NONE, place_of
from bot.richtext import LABEL_UNITS, Button, Reply, clip, paragraph, sentence
from bot.storage.chats import ChatSettings
from index.places import Place, describe, load_gazetteer
from index.texts import Texts

# What is usual; any other hours can be typed: /atur tenang 23-5 WIT.
QUIET_HOURS = ((21, 6), (22, 5), (18, 7))
_QUIET = re.compile(r"(\d{1,2})(?:[.:]00)?\s*(?:-|–|sampai|s/d)\s*(\d{1,2})(?:[.:]00)?(?:\s+(wib|wita|wit))?")


def board(settings: ChatSettings, texts: Texts) -> Reply:
    """The group's choices, in words."""
    place = place_of(settings.region)
    region = describe((place,)) if place else texts("group.no_region")
    lines = (
        texts("group.line_region", region=region),
        texts("group.line_mentions" if settings.mentions else "group.line_commands"),
        _quiet_line(settings, texts),
        texts("group.line_zone", zone=settings.zone),
        texts("group.line_brief" if settings.brief else "group.line_full"),
    )
    choose = _chooser(texts)
    quiet = [(_span(span), f"{span[0]}-{span[1]}", settings.quiet == span) for span in QUIET_HOURS]
    rows = (
        (
            choose("mentions", texts("group.mentions"), "1", chosen=settings.mentions),
            choose("mentions", texts("group.commands"), "0", chosen=not settings.mentions),
        ),
        (
            choose("brief", texts("group.brief"), "1", chosen=settings.brief),
            choose("brief", texts("group.full"), "0", chosen=not settings.brief),
        ),
        (
            choose("quiet", texts("group.never_quiet"), NONE, chosen=settings.quiet is None),
            choose("quiet", quiet[0][0], quiet[0][1], chosen=quiet[0][2]),
        ),
        tuple(choose("quiet", label, value, chosen=chosen) for label, value, chosen in quiet[1:]),
        tuple(choose("zone", zone, zone, chosen=settings.zone == zone) for zone in hours.ZONES),
        (Button(texts("group.open_regions"), encode(Verb.REGIONS, NONE, 1)),),
        (Button(texts("group.leave"), encode(Verb.BOARD, "leave")),),
    )
    blocks = (
        paragraph(texts("group.heading"), bold=True),
        *(paragraph(line, spaced=False) for line in lines),
        paragraph(texts("group.typed")),
    )
    return Reply(blocks, rows)


def leaving(texts: Texts) -> Reply:
    """Asks before leaving."""
    yes = Button(texts("group.leave_yes"), encode(Verb.GROUP, "leave", "1"))
    return Reply(sentence(texts("group.leave_sure")).blocks, ((yes, Button(texts("digest.back"), encode(Verb.BOARD))),))


def changed(settings: ChatSettings, field: str, value: str) -> ChatSettings | None:
    """The settings after a tap; ``None`` when there is no such choice."""
    match field, value:
        case "mentions", "0" | "1":
            return replace(settings, mentions=value == "1")
        case "brief", "0" | "1":
            return replace(settings, brief=value == "1")
        case "zone", _ if value in hours.ZONES:
            return replace(settings, zone=value)
        case "quiet", "-":
            return replace(settings, quiet=None)
        case "quiet", _:
            return _with_quiet(settings, value)
        case _:
            return None


def typed(settings: ChatSettings, words: str) -> ChatSettings | Sequence[Place] | None:
    """The settings after ``/atur <words>``, the way for admins whose taps Telegram does not vouch for.

    The places that a name may mean when it is not one; ``None`` when the words are none of: daerah <nama>, sebutan,
    tanya, singkat, lengkap, tenang <dari>-<sampai> [zona], tenang tidak.
    """
    verb, _, rest = " ".join(words.lower().split()).partition(" ")
    match verb, rest:
        case "sebutan", "":
            return changed(settings, "mentions", "1")
        case "tanya", "":
            return changed(settings, "mentions", "0")
        case "singkat", "":
            return changed(settings, "brief", "1")
        case "lengkap", "":
            return changed(settings, "brief", "0")
        case "tenang", "tidak" | "mati":
            return changed(settings, "quiet", NONE)
        case "tenang", _:
            return _with_quiet(settings, rest)
        case "daerah", "tidak" | "semua":
            return replace(settings, region=None)
        case "daerah", _:
            places = load_gazetteer().resolve(rest)
            return replace(settings, region=places[0].code) if len(places) == 1 else places
        case _:
            return None


def _quiet_line(settings: ChatSettings, texts: Texts) -> str:
    if settings.quiet is None:
        return texts("group.line_no_quiet")
    return texts("group.line_quiet", hours=f"{_span(settings.quiet)} {settings.zone}")


def _with_quiet(settings: ChatSettings, written: str) -> ChatSettings | None:
    match = _QUIET.fullmatch(written)
    if match is None or max(int(match[1]), int(match[2])) > 23 or match[1] == match[2]:
        return None
    zone = (match[3] or settings.zone).upper()
    return replace(settings, quiet=(int(match[1]), int(match[2])), zone=zone)


def _span(quiet: tuple[int, int]) -> str:
    return f"{hours.shown(quiet[0])}–{hours.shown(quiet[1])}"


def _chooser(texts: Texts) -> Callable[..., Button]:
    def choose(field: str, label: str, value: str, *, chosen: bool) -> Button:
        shown = texts("board.chosen", choice=label) if chosen else label
        return Button(clip(shown, LABEL_UNITS), encode(Verb.GROUP, field, value))

    return choose
