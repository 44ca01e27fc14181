"""Who looks after the bot, and what they did, as their owners read it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.choices import Verb, encode
from bot.leafing import last_page, turning, which_page
from bot.richtext import Button, Reply, clip, paragraph
from bot.staff import GRANTED, Role
from bot.storage.staff import Deed, Member
from index.texts import Texts

DEEDS_A_PAGE = 12
_NAME = 60
_WORDS = {"editor": Role.EDITOR, "pengamat": Role.VIEWER, "cabut": None}


@dataclass(frozen=True, slots=True)
class Appointment:
    """What "/peran 12345 editor" wants; ``role`` is ``None`` to take a role away, ``person`` when nobody is named."""

    role: Role | None
    person: int | None


def appointment(written: str) -> Appointment | None:
    """The wish behind the words after /peran, in any order; ``None`` when they are none."""
    words = written.lower().split()
    roles = [word for word in words if word in _WORDS]
    people = [word for word in words if re.fullmatch(r"[1-9][0-9]{0,15}", word)]
    if len(roles) != 1 or len(people) > 1 or len(words) != len(roles) + len(people):
        return None
    return Appointment(_WORDS[roles[0]], int(people[0]) if people else None)


def members(
    owners: Iterable[int], appointed: Sequence[Member], names: Mapping[int, str], texts: Texts, zone: tzinfo
) -> Reply:
    """Everybody with a role, a button each to take it away."""
    blocks = [paragraph(texts("staff.heading"), bold=True)]
    blocks += [
        paragraph(texts("staff.line_owner", person=_person(owner, names)), spaced=False) for owner in sorted(owners)
    ]
    blocks += [
        paragraph(
            texts(
                "staff.line",
                person=_person(member.person, names),
                role=texts(f"staff.role.{GRANTED[member.role].code}"),
                since=f"{member.granted_at.astimezone(zone):%d/%m/%Y}",
            ),
            spaced=False,
        )
        for member in appointed
    ]
    blocks.append(paragraph(texts("staff.hint")))
    rows = tuple(
        (
            Button(
                clip(texts("staff.revoke", person=_person(member.person, names)), _NAME),
                encode(Verb.STAFF, "revoke", member.person),
            ),
        )
        for member in appointed
    )
    return Reply(tuple(blocks), rows)


def trail(deeds: Sequence[Deed], total: int, page: int, names: Mapping[int, str], texts: Texts, zone: tzinfo) -> Reply:
    """A page of the audit trail, newest first; ``page`` counts from 1."""
    blocks = [paragraph(texts("staff.trail" if total else "staff.no_trail"), bold=True)]
    for deed in deeds:
        line = texts(
            "staff.deed",
            when=f"{deed.at.astimezone(zone):%d/%m/%Y %H.%M}",
            who=_person(deed.who, names),
            what=texts(f"staff.action.{deed.action}"),
            subject=clip(deed.subject, 90),
        )
        detail = texts("staff.detail", detail=clip(deed.detail, _NAME)) if deed.detail else ""
        blocks.append(paragraph(line + detail, spaced=False))
    last = last_page(total, DEEDS_A_PAGE)
    blocks += which_page(page, last, texts)
    return Reply(tuple(blocks), turning(page, last, texts, lambda number: encode(Verb.STAFF, "trail", number)))


def _person(person: int, names: Mapping[int, str]) -> str:
    name = names.get(person)
    return f"{clip(name, _NAME)} ({person})" if name else str(person)
