"""What people and programs send to break a bot: text and updates made by chance, the same for the same ``Random``."""

from __future__ import annotations

import json
import random
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 4096  # characters of a message: https://core.telegram.org/bots/api#message

ZALGO = "".join(map(chr, range(0x300, 0x370)))
# Overrides and isolates of writing direction, and what has no width.
UNSEEN = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
CONTROL = "".join(map(chr, (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)))
SURROGATES = "\ud800\udbff\udc00\udfff"
ODD = "👨‍👩‍👧‍👦🇮🇩𝒷𝒶𝓃𝓉𝓊𝒶𝓃ＢＡＮＴＵＡＮ①½ﬁİıßſǅΣς٣४年한ا\U0010ffff\ufffe\uffff"
MARKUP = (
    "<b>", "</b>", "<blockquote expandable>", "<a href=\"javascript:1\">", "<script>", "&lt;", "&#0;", "&amp;amp;",
    "]]>", "<!--", "**", "__", "```", "[x](tg://user?id=1)", "||", "\\", "{question}", "{0.__class__}", "%s%n", "${x}",
    "' OR 1=1--",
)  # fmt: skip
# For expressions that try every way to split a run of spaces, digits, dots, quotation marks or brackets.
BOMBS = (
    "a" * 30 + "!", "aab" * 20, "0 " * 40, "1." * 40, "1-" * 40, "+62 " * 20, "@a." * 30, "a@" * 30, "\t \t " * 30,
    "((((" * 20, "))))" * 20, "“" * 40, "\"'" * 40, "- " * 40, "/" * 60, "://" * 20, "http://" * 20, "\n\n \n" * 30,
    "Rp 1." * 30, "1/" * 40, ", " * 40, "kode " * 40, "otp saya " * 20, "ini adalah " * 20, "?" * 60, "ke" * 60,
    "me" * 60, "di " * 60, "se" * 60, "per" * 40, "nya" * 40, "ber-ber" * 20, "kabupaten kota " * 20,
    "yang di " * 30, "dari " * 40, "tahun 2023 " * 30, "Senin, " * 30, "(5/1/2024) " * 30, "pkh dan " * 30,
    "apa itu " * 30,
    "bukan " * 30,
)  # fmt: skip
NUMBERS = ("9" * 400, "-0", "1e999", "0x7f", "NaN", "٣٤٥", "²³", "1" + "0" * 60, "00000000", "3201010101010001", "½")
COMMANDS = (
    "/tanya ", "/cari ", "/daerah ", "/start k", "/mulai ", "/langganan ", "/atur ", "/hapus_data",
    "/artikel ", "/x" * 50,
)  # fmt: skip


@cache
def words() -> tuple[str, ...]:
    """The words of seeds/ and of the practice questions: what looks like a question goes deeper than noise."""
    text = " ".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt")))
    return tuple(sorted(set(re.findall(r"\w+", text)))) + tuple(QUESTION_WORDS.split())


@cache
def questions() -> tuple[str, ...]:
    """Practice questions."""
    lines = (ROOT / "tests/golden/seeds-dev.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line)["question"] for line in lines if line.strip())


QUESTION_WORDS = """
apa siapa kapan dimana berapa kenapa bagaimana mengapa apakah itu yang di dari untuk dan atau tidak bukan jumlah bantuan
gmn brp knp dmn syarat cara daftar bupati gubernur menteri kabupaten kota provinsi desa pkh bpnt blt bansos lansia odgj
terbaru sekarang kemarin tahun lalu bulan depan 2021 2022 2023 2024 pacitan banten balangan mojokerto surabaya papua
"""


def text(chance: random.Random, longest: int = LONGEST) -> str:
    """A message: one to twelve pieces, most of them ordinary words, some of them not."""
    joints = ("", " ", " ", "\n", chance.choice(UNSEEN), chance.choice(CONTROL))
    found = ""
    for _ in range(chance.randint(1, 12)):
        found += piece(chance) + chance.choice(joints)
    return found[:longest]


def piece(chance: random.Random) -> str:
    """One piece of a message."""
    kind = chance.randrange(14)
    match kind:
        case 0 | 1:
            return " ".join(chance.choice(words()) for _ in range(chance.randint(1, 30)))
        case 2 | 3:
            return chance.choice(questions())
        case 4:
            return chance.choice(words()) * chance.choice((2, 50, 1000))
        case 5:
            return chance.choice((*"aknz?. \n-0😀", "\u0301", "\u202e")) * chance.choice((40, LONGEST))
        case 6:
            return "".join(
                letter + chance.choice(ZALGO) * chance.randint(0, 30) for letter in chance.choice(questions())
            )
        case 7:
            return "".join(letter + chance.choice(UNSEEN) for letter in chance.choice(questions()))
        case 8:
            return chance.choice(MARKUP) * chance.choice((1, 3, 200))
        case 9:
            return "".join(chance.choice(CONTROL + SURROGATES + ODD) for _ in range(chance.randint(1, 60)))
        case 10:
            return chance.choice(BOMBS) * chance.choice((1, 4, 60))
        case 11:
            return chance.choice(NUMBERS)
        case 12:
            return chance.choice(COMMANDS)
        case _:
            return misspelt(chance, " ".join(chance.choice(words()) for _ in range(chance.choice((1, 5, 60)))))


def misspelt(chance: random.Random, text: str) -> str:
    """``text`` with letters left out, doubled and exchanged."""
    letters = list(text)
    for _ in range(len(letters) // 4 + 1):
        place = chance.randrange(len(letters))
        letters[place] = chance.choice(("", letters[place] * 2, chance.choice("abcdefghijklmnopqrstuvwxyz")))
    return "".join(letters)


def article(chance: random.Random) -> str:
    """An article's text: pages in pieces, put together wrongly, or not an article at all."""
    whole = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    kind = chance.randrange(6)
    match kind:
        case 0:
            return chance.choice(words()) + chance.choice((" ", "\n", "\n\n", "")).join([""] * chance.choice((2, 3000)))
        case 1:
            return " ".join(chance.choice(words()) for _ in range(chance.choice((20, 4000))))
        case 2:
            return (chance.choice((*BOMBS, *MARKUP)) + chance.choice(("", "\n"))) * chance.choice((1, 500))
        case 3:
            return "\n\n".join(text(chance) for _ in range(chance.randint(1, 20)))
        case _:
            lines = chance.choice(whole).splitlines(keepends=True)
            for _ in range(chance.randint(1, 12)):
                place = chance.randrange(len(lines))
                lines[place : place + chance.randint(0, 3)] = [
                    piece(chance) + chance.choice(("", "\n", "\r\n", "\n\n"))
                ]
                if not lines:
                    break
            return "".join(lines)


def message(chance: random.Random, number: int) -> dict:
    """A message as it stands in an update."""
    sender = chance.choice((7, 1001, 1002, 2**52 - 1))
    chat = chance.choice(
        ({"id": sender, "type": "private"}, {"id": -100555, "type": "supergroup", "title": text(chance, 200)})
    )
    content = text(chance)
    made = {
        "message_id": number,
        "date": 1_700_000_000,
        "chat": chat,
        "from": {"id": sender, "is_bot": False, "first_name": text(chance, 60)},
        "text": content,
        "entities": entities(chance, content),
    }
    more = {
        "caption": text(chance, 1024),
        "forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": text(chance, 40)},
        "reply_to_message": {"message_id": 3, "date": 1, "chat": chat, "text": text(chance)},
        "sticker": {"file_id": "x", "file_unique_id": "x", "type": "regular", "width": 1, "height": 1,
                    "is_animated": False, "is_video": False},
        "via_bot": {"id": 42, "is_bot": True, "first_name": "Arsip"},
        "edit_date": 2**31 - 1,
        "message_thread_id": -5,
        "field_of_next_year": {"nested": [None, 1, {"x": text(chance, 30)}]},
    }  # fmt: skip
    for name in more:
        if chance.random() < 0.1:
            made[name] = more[name]
    return made


def entities(chance: random.Random, content: str) -> list[dict]:
    """What Telegram says is marked in a text, whether or not it can be so."""
    kinds = ("mention", "bot_command", "text_mention", "url", "bold", "custom_emoji", "unheard_of")
    most = chance.choice((0, 0, 1, 3, 10_000 if chance.random() < 0.1 else 20))
    made = [
        {
            "type": chance.choice(kinds),
            "offset": chance.choice((0, 1, len(content), chance.randint(0, 9000), 2**31)),
            "length": chance.choice((0, 1, 9, chance.randint(0, 9000), 2**31)),
        }
        for _ in range(most)
    ]
    if content.startswith("/"):
        made.append({"type": "bot_command", "offset": 0, "length": len(content.split()[0]) if content.split() else 1})
    return made


def update(chance: random.Random, number: int) -> dict:
    """An update: mostly of the shape that Telegram promises, or ``damaged``: a field gone, or something else in it."""
    person = {"id": chance.choice((7, 1001, 1002)), "is_bot": False, "first_name": text(chance, 40)}
    kind = chance.choice(("message", "message", "message", "edited_message", "callback_query", "inline_query",
                          "my_chat_member", "channel_post", "invented_in_2030"))  # fmt: skip
    match kind:
        case "callback_query":
            content = {
                "id": "1",
                "from": person,
                "chat_instance": "x",
                "data": code(chance),
                "message": message(chance, 900),
            }
        case "inline_query":
            content = {
                "id": "1",
                "from": person,
                "query": text(chance, 256),
                "offset": chance.choice(("", "10", "-1", "٣", "9" * 64)),
            }
        case "my_chat_member":
            member = {
                "user": {"id": 42, "is_bot": True, "first_name": "Arsip"},
                "status": chance.choice(("member", "left", "x")),
            }
            content = {"chat": {"id": -100555, "type": "supergroup", "title": text(chance, 60)},
                       "from": person, "date": 1,
                       "old_chat_member": member, "new_chat_member": {**member, "status": "member"}}  # fmt: skip
        case _:
            content = message(chance, number)
    made = {"update_id": number, kind: content}
    while chance.random() < 0.25:
        damage(chance, made)
        made["damaged"] = True
    return made


def code(chance: random.Random) -> str:
    """What a button might say."""
    key = "".join(chance.choice("0123456789abcdef") for _ in range(16))
    answer = "".join(chance.choice("abcXYZ019_-") for _ in range(12))
    number = chance.choice(("0", "1", "7", "99", "99999", "٣", "-1", ""))
    verb = chance.choice("opscrmudwtxyzlgk")
    made = chance.choice((
        f"{verb}:{key}:{number}", f"{verb}:{number}", f"r:{answer}:{number}:{key}:{number}:{number}",
        f"{verb}:{answer}:{number}", f"{verb}:{answer}", f"w:{answer}:place",
        f"{verb}:" + ":".join(chance.choices("0123456789", k=chance.randint(0, 12))),
        text(chance, 64),
    ))  # fmt: skip
    return made[:64]


def damage(chance: random.Random, made: dict) -> None:
    """Take a field away, or put something else in its place, anywhere in ``made`` but the update's number."""
    place, name = made, None
    while True:
        names = [each for each in place if each not in {"update_id", "damaged"}]
        if not names:
            return
        name = chance.choice(names)
        if not isinstance(place[name], dict) or chance.random() < 0.3:
            break
        place = place[name]
    if place is made and chance.random() < 0.8:
        return
    if chance.random() < 0.4:
        del place[name]
    else:
        place[name] = chance.choice((None, -1, 2**63, 1e308, "", text(chance, 80), [], {}, [[]], True))
