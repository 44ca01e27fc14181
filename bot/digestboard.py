"""/langganan: what new articles a chat is sent, and when. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from bot import hours
from bot.callbacks import OpenArticle
from bot.callbacks import encode as encode_tap
from bot.choices import Verb, encode
from bot.coverage import Coverage
from bot.leafing import in_rows
from bot.library import key_of
from bot.pages import citation_of
from bot.regions import NONE, place_of
from bot.richtext import LABEL_UNITS, Button, Reply, Rows, clip, paragraph, sentence
from bot.storage.chats import Digest, Topic
from index import phrasing
from index.article import Article
from index.places import Place, describe, load_gazetteer
from index.programmes import Programme
from index.texts import Texts

ALL, REGION, PROGRAMME = "all", "region", "programme"
FIRST_HOUR = 7  # until another is chosen
MOST_TOPICS = 20
ARTICLES_SHOWN = 8
_CHOICES, _LINE = 8, 350


def board(digest: Digest | None, texts: Texts) -> Reply:
    """What is sent now, in words, and what can be changed."""
    open_ = {name_: Button(texts(key), encode(Verb.DIGEST, name_)) for name_, (key, _) in PAGES.items()}
    if digest is None or not digest.topics:
        rows: Rows = ((open_["region"], open_["programme"]), (everything(chosen=False, texts=texts, page="board"),))
        return Reply(sentence(texts("digest.none")).blocks, rows)
    lines = [texts("digest.heading"), *(texts("digest.topic", topic=name(topic, texts)) for topic in digest.topics)]
    when = texts("digest.when", hour=hours.shown(digest.hour), zone=digest.zone)
    return Reply(
        (
            paragraph(lines[0], bold=True),
            *(paragraph(line, spaced=False) for line in lines[1:]),
            paragraph(when),
        ),
        (
            (open_["region"], open_["programme"]),
            (open_["hour"], open_["zone"]),
            (Button(texts("digest.stop"), encode(Verb.STOP)),),
        ),
    )


# The board's pages: what their button says, and their heading.
PAGES = {
    "region": ("digest.open.region", "digest.choose_region"),
    "programme": ("digest.open.programme", "digest.choose_programme"),
    "hour": ("digest.open.hour", "digest.choose_hour"),
    "zone": ("digest.open.zone", "digest.choose_zone"),
}


def page(name_: str, digest: Digest | None, coverage: Coverage, home: Place | None, texts: Texts) -> Reply:
    """A page of the board by its name; the board itself for any other."""
    if name_ not in PAGES:
        return board(digest, texts)
    heading = sentence(texts(PAGES[name_][1]))
    back = (Button(texts("digest.back"), encode(Verb.DIGEST, "board")),)
    topics = set(digest.topics) if digest else set()
    match name_:
        case "region":
            places = [region.place for region in coverage.local[:_CHOICES]]
            places = [*dict.fromkeys([*([home] if home else []), *places, *_places(topics)])]
            wanted = [Topic(REGION, place.code) for place in places]
        case "programme":
            told = [topic.value for topic in topics if topic.kind == PROGRAMME]
            wanted = [Topic(PROGRAMME, each) for each in dict.fromkeys([*coverage.programmes[:_CHOICES], *told])]
        case "hour":
            buttons = [_pick(hours.shown(hour), encode(Verb.HOUR, hour), digest, hour, texts) for hour in range(24)]
            return Reply(heading.blocks, (*in_rows(buttons, 4), back))
        case _:
            zones = tuple((_pick(zone, encode(Verb.ZONE, zone), digest, zone, texts),) for zone in hours.ZONES)
            return Reply(heading.blocks, (*zones, back))
    rows = tuple((_toggle(topic, texts, chosen=topic in topics, page=name_),) for topic in wanted)
    return Reply(heading.blocks, (*rows, back))


def everything(*, chosen: bool, texts: Texts, page: str) -> Button:
    """The button for all new articles."""
    return _toggle(Topic(ALL), texts, chosen=chosen, page=page)


def topic_of(text: str, known: Collection[Programme]) -> Topic | Sequence[Place] | None:
    """What a name typed after /langganan means: a topic, several places, or nothing known."""
    words = " ".join(text.split())
    if words.lower() in {"semua", "semua berita"}:
        return Topic(ALL)
    for programme in known:
        if words.lower() in {programme.short.lower(), programme.long.lower()}:
            return Topic(PROGRAMME, programme.short)
    places = load_gazetteer().resolve_town(words)
    if len(places) == 1:
        return Topic(REGION, places[0].code)
    return places or None


def which(text: str, places: Sequence[Place], texts: Texts) -> Reply:
    """A typed name that means several places, or nothing."""
    if not places:
        return sentence(texts("digest.unknown", name=clip(text, LABEL_UNITS)))
    rows = tuple((_toggle(Topic(REGION, place.code), texts, chosen=False, page="board"),) for place in places)
    return Reply(sentence(texts("region.which", name=clip(text, LABEL_UNITS))).blocks, rows)


def name(topic: Topic, texts: Texts) -> str:
    """A topic in words."""
    if topic.kind == ALL:
        return texts("digest.everything")
    place = place_of(topic.value) if topic.kind == REGION else None
    return describe((place,)) if place else topic.value


def wanted(article: Article, topics: Sequence[Topic], coverage: Coverage) -> bool:
    """Whether one of the topics asks for this article."""
    places = article.locality.places if article.locality else ()
    for topic in topics:
        region = place_of(topic.value) if topic.kind == REGION else None
        if (
            topic.kind == ALL
            or (topic.kind == PROGRAMME and topic.value in coverage.programmes_of.get(article.id, ()))
            or (region is not None and any(region.covers(place) for place in places))
        ):
            return True
    return False


def message(articles: Sequence[Article], texts: Texts, today: date) -> Reply:
    """The digest: new articles with their citations, newest first, and a button to read each."""
    blocks = [paragraph(texts("digest.news", count=len(articles)), bold=True)]
    buttons = []
    for number, article in enumerate(articles[:ARTICLES_SHOWN], 1):
        blocks.append(paragraph(clip(phrasing.citation_line(number, citation_of(article), texts, today), _LINE)))
        label = texts("chat.read_article", number=number)
        buttons.append(Button(label, encode_tap(OpenArticle(key_of(article.id)))))
    if len(articles) > ARTICLES_SHOWN:
        blocks.append(paragraph(texts("digest.more", count=len(articles) - ARTICLES_SHOWN)))
    blocks.append(paragraph(texts("digest.how_to_stop"), italic=True))
    return Reply(tuple(blocks), in_rows(buttons, 2))


def _places(topics: Collection[Topic]) -> list[Place]:
    found = [place_of(topic.value) for topic in topics if topic.kind == REGION]
    return sorted((place for place in found if place), key=lambda place: place.code)


def _toggle(topic: Topic, texts: Texts, *, chosen: bool, page: str) -> Button:
    label = name(topic, texts)
    label = texts("board.chosen", choice=label) if chosen else label
    # Not "the other way round": tapped twice it says the same twice.
    verb = Verb.NO_TOPIC if chosen else Verb.TOPIC
    return Button(clip(label, LABEL_UNITS), encode(verb, topic.kind, topic.value or NONE, page))


def _pick(label: str, data: str, digest: Digest | None, value: object, texts: Texts) -> Button:
    chosen = digest is not None and (digest.hour == value or digest.zone == value)
    return Button(texts("board.chosen", choice=label) if chosen else label, data)
