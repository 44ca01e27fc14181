"""What the Bot API refuses, as strictly as it is documented: https://core.telegram.org/bots/api."""

from __future__ import annotations

import html
import html.parser
import json
import re

# https://core.telegram.org/bots/api#html-style, of those that have no attributes.
TAGS = {"b", "strong", "i", "em", "u", "s", "code", "pre", "blockquote", "tg-spoiler", "a"}
ENTITIES = re.compile(r"&(?!(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)")


def violation(method: str, parameters: dict[str, str]) -> str | None:
    """Why a call is a 400, or ``None``; ``parameters`` as they stand in the form."""
    from aiogram import methods  # here: it takes a second, which only tests with a double should spend

    model = getattr(methods, method[0].upper() + method[1:], None)
    if model is None:
        return f"no method {method}"
    fields = model.model_fields
    if unknown := parameters.keys() - fields.keys():
        return f"unknown parameters {sorted(unknown)}"
    if missing := {name for name, each in fields.items() if each.is_required()} - parameters.keys():
        return f"missing parameters {sorted(missing)}"
    for name, value in parameters.items():
        if value == "":
            return f"{name} is empty"
    text = parameters.get("text", parameters.get("caption", ""))
    most = 4096 if "text" in parameters else 1024
    if method == "answerCallbackQuery":
        return "text is longer than 200" if units(text) > 200 else None
    if parameters.get("parse_mode") == "HTML":
        fault = broken(text)
        if fault:
            return f"can't parse entities: {fault}"
        text = html.unescape(re.sub(r"<[^>]*>", "", text))
    if "text" in parameters and not text.strip():
        return "message text is empty"
    if units(text) > most:
        return f"message is too long: {units(text)}"
    return keyboard_fault(json.loads(parameters.get("reply_markup", "{}")))


def keyboard_fault(markup: dict) -> str | None:
    buttons = [button for row in markup.get("inline_keyboard", []) for button in row]
    if len(buttons) > 100:
        return f"{len(buttons)} buttons"
    for button in buttons:
        if not button.get("text") or len(button.keys() - {"text"}) != 1:
            return f"a button with {sorted(button)}"
        if not 1 <= len(button.get("callback_data", "x").encode()) <= 64:
            return "BUTTON_DATA_INVALID"
    return None


def units(text: str) -> int:
    """Telegram counts in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def broken(text: str) -> str | None:
    """What is wrong with HTML, or ``None``."""
    if ENTITIES.search(text):
        return "a bare &"
    checker = _Checker(convert_charrefs=False)  # so that a < in the data is one that nobody escaped
    checker.feed(text)
    checker.close()
    if checker.fault is None and checker.open:
        return f"unclosed {checker.open}"
    return checker.fault


class _Checker(html.parser.HTMLParser):
    def __init__(self, **options):
        super().__init__(**options)
        self.open: list[str] = []
        self.fault: str | None = None

    def handle_starttag(self, tag, attributes):
        if tag not in TAGS:
            self.fault = f"unsupported tag {tag}"
        if tag == "blockquote" and tag in self.open:
            self.fault = "nested blockquote"
        self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.fault = f"misplaced end of {tag}"

    def handle_data(self, data):
        if "<" in data:
            self.fault = "a bare <"
