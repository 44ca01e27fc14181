"""The double refuses what Telegram would refuse, or a test against it would say little."""

from __future__ import annotations

import json

import pytest
from bot_api_rules import violation


def keyboard(**button):
    return json.dumps({"inline_keyboard": [[button]]})


HTML = {"chat_id": "1", "parse_mode": "HTML"}


@pytest.mark.parametrize(
    ("method", "parameters", "words"),
    [
        ("sendMesage", {}, "no method"),
        ("sendMessage", {"chat_id": "1", "text": "a", "colour": "red"}, "unknown parameters"),
        ("sendMessage", {"chat_id": "1"}, "missing parameters"),
        ("sendMessage", {"chat_id": "1", "text": "x" * 4097}, "too long"),
        ("sendMessage", {"chat_id": "1", "text": "😀" * 2049}, "too long"),
        ("sendMessage", {"chat_id": "1", "text": " \n"}, "empty"),
        ("sendMessage", {**HTML, "text": "<b></b>"}, "empty"),
        ("sendMessage", {**HTML, "text": "<b>a"}, "unclosed"),
        ("sendMessage", {**HTML, "text": "<b><i>a</b></i>"}, "misplaced"),
        ("sendMessage", {**HTML, "text": "<p>a</p>"}, "unsupported tag"),
        ("sendMessage", {**HTML, "text": "a & b"}, "bare &"),
        ("sendMessage", {**HTML, "text": "a < b"}, "bare <"),
        (
            "sendMessage",
            {"chat_id": "1", "text": "a", "reply_markup": keyboard(text="a", callback_data="x" * 65)},
            "DATA",
        ),
        ("sendMessage", {"chat_id": "1", "text": "a", "reply_markup": keyboard(text="a")}, "a button"),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "longer than 200"),
    ],
)
def test_what_telegram_refuses(method, parameters, words):
    assert words in violation(method, parameters)


def test_what_telegram_takes():
    button = keyboard(text="a", callback_data="é" * 32)
    text = "<b>a &lt; b</b> &amp; <blockquote expandable><i>c</i></blockquote>" + "x" * 4000
    assert violation("sendMessage", {**HTML, "text": text, "reply_markup": button}) is None
    assert violation("getMe", {}) is None
