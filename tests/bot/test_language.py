"""BOT_LANGUAGE=en: the bot speaks English around quotations that stay as they are."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from bot.library import Library
from bot.menus import set_menus
from bot.services import Services


@pytest.fixture
def english(stage, archive):
    """The stage with the articles of seeds/, as it is with that setting."""
    settings = replace(stage.services.settings, bot_language="en")
    chosen = Services(settings, stage.services.library, stage.services.log, stage.services.storage)
    stage.services.library = Library(archive)
    stage.services.texts = chosen.texts
    return stage


def plain(call):
    return html.unescape(re.sub(r"<[^>]*>", "", call["text"]))


async def test_an_answer_is_english_around_the_quotation(english):
    await english.says("berapa motor roda tiga bagi disabilitas di Pacitan")
    text = plain(english.sent[0])
    assert text.startswith("Looking for: ")
    assert re.search(r"\(\d+ years ago\)", text)
    assert "bantuan 2 unit motor roda tiga bagi disabilitas" in text
    labels = [button["text"] for button in english.sent[0].buttons]
    assert "Read article 1" in labels
    assert "👎 Not right" in labels


async def test_buttons_commands_and_refusals_are_english_too(english):
    await english.says("bantuan untuk astronot")
    assert "archive" in plain(english.sent[-1])
    await english.says("/cari x di:Atlantis")
    assert "I know no region “Atlantis”" in plain(english.sent[-1])
    await english.says("/tidakada")
    assert "I do not know that command" in plain(english.sent[-1])
    await english.taps("!f:2", text="lain")
    assert english.told["text"] == "This search can no longer be read. Please write /cari again."


async def test_the_menu_is_english(english):
    await set_menus(english.application.bot, {}, english.services.texts)
    menu = english.request.named("setMyCommands")[0]["commands"]
    assert {"command": "tanya", "description": "Ask, for example: /tanya apa itu PKH?"} in menu


async def test_indonesian_is_what_nobody_has_to_choose(stage):
    await stage.says("/tidakada")
    assert "perintah itu tidak dikenal" in plain(stage.sent[-1])
