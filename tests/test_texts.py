"""The catalogues: a translation has no key and no placeholder of its own, and falls back to Indonesian."""

from __future__ import annotations

import string

import pytest

from bot import settings
from index.texts import DEFAULT, languages, load, own

# What a translation may lack at most, so that who chooses it meets its language and not the fallback.
LEAST_TRANSLATED = 0.8
TRANSLATIONS = sorted(languages() - {DEFAULT})


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_there_is_a_translation_and_every_catalogue_can_be_chosen() -> None:
    assert TRANSLATIONS
    assert set(settings.LANGUAGES) == languages()
    assert settings.read({}).bot_language == DEFAULT == settings.LANGUAGES[0]


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_says_nothing_that_the_original_does_not(language: str) -> None:
    assert not own(language).keys() - own(DEFAULT).keys()


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_has_the_same_placeholders(language: str) -> None:
    original = own(DEFAULT)
    translated = own(language)
    wrong = {key for key in translated.keys() & original.keys() if fields(translated[key]) != fields(original[key])}
    assert not wrong


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_covers_most_of_the_catalogue(language: str) -> None:
    missing = own(DEFAULT).keys() - own(language).keys()
    share = 1 - len(missing) / len(own(DEFAULT))
    assert share >= LEAST_TRANSLATED, f"{language}: {share:.0%} translated; missing: {sorted(missing)}"


def test_what_is_not_translated_is_said_in_indonesian() -> None:
    english = load("en")
    assert english("answer.not_found") == "Sorry, this is not in our archive."
    assert english.sentences.keys() == load().sentences.keys()
