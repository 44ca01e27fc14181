"""Environment -> Settings: every malformed value is named, and no secret is ever shown."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from bot.database_url import Server
from bot.errors import SettingsError
from bot.settings import PUBLIC_API, Settings, read

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"


def test_nothing_set_is_a_chat_in_the_terminal():
    settings = read({})
    assert settings.bot_token is None
    assert settings.bot_api_url == PUBLIC_API
    assert settings.database == Path("data/bot.sqlite3")
    assert settings.seeds_dir == Path("seeds")
    assert settings.retention_days == 90
    assert read({"BOT_TOKEN": "  ", "PORT": ""}) == settings


def test_everything_set_is_read():
    settings = read(
        {
            "BOT_TOKEN": TOKEN,
            "ADMIN_IDS": "12, 34,",
            "WEBHOOK_URL": "https://bot.example.org/telegram/",
            "WEBHOOK_SECRET": "rahasia_1",
            "PORT": "8443",
            "DATABASE_URL": "sqlite:////var/lib/bot/log.db",
            "DATA_DIR": "/var/lib/bot",
            "SEEDS_DIR": "/srv/articles",
            "LOG_LEVEL": "debug",
            "BOT_LANGUAGE": "EN",
            "HASH_KEY": "a long enough key",
            "METRICS_TOKEN": "a long enough token",
            "RETENTION_DAYS": "30",
        }
    )
    assert settings.admin_ids == {12, 34}
    assert settings.webhook_url == "https://bot.example.org/telegram"
    assert settings.port == 8443
    assert settings.database == Path("/var/lib/bot/log.db")
    assert settings.log_level == "DEBUG"
    assert settings.bot_language == "en"
    assert settings.retention_days == 30


def test_secrets_do_not_show_in_the_representation():
    shown = repr(
        read(
            {
                "BOT_TOKEN": TOKEN,
                "HASH_KEY": "sixteen letters!",
                "METRICS_TOKEN": "seventeen letters",
                "WEBHOOK_URL": "https://a.id",
                "WEBHOOK_SECRET": "sssh",
            }
        )
    )
    for secret in ("AAEhBOweik", "sixteen", "seventeen", "sssh"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("url", "shown", "secrets"),
    [
        ("postgres://bot:a%40b@db.example:5432/bot", "postgresql://db.example:5432/bot", {"a%40b", "a@b"}),
        ("postgresql://bot@localhost/bot?sslmode=require", "postgresql://localhost/bot", set()),
        ("postgresql://localhost/bot?user=bot&password=rahasia", "postgresql://localhost/bot", {"rahasia"}),
        ("postgresql:///bot?host=/run/postgresql", "postgresql:///run/postgresql/bot", set()),
        ("postgresql://bot:rahasia@[::1]:5432,two.example/bot", "postgresql://[::1]:5432,two.example/bot", {"rahasia"}),
    ],
)
def test_a_server_is_shown_without_its_password(url, shown, secrets):
    settings = read({"DATABASE_URL": url, "HASH_KEY": "sixteen letters!"})
    assert isinstance(settings.database, Server)
    assert str(settings.database) == shown
    assert settings.database.url == url
    assert set(settings.secrets) == {"sixteen letters!", *secrets}
    assert not any(secret in f"{settings.database} {settings!r}" for secret in secrets)


def test_a_webhook_secret_is_derived_when_none_is_chosen():
    first = read({"BOT_TOKEN": TOKEN, "WEBHOOK_URL": "https://a.example"})
    assert first.webhook_secret == read({"BOT_TOKEN": TOKEN, "WEBHOOK_URL": "https://b.example"}).webhook_secret
    assert first.webhook_secret not in TOKEN
    assert read({"BOT_TOKEN": TOKEN}).webhook_secret is None


def test_another_bot_api_server_may_use_shorter_tokens_and_plain_http():
    settings = read(
        {"BOT_API_URL": "http://127.0.0.1:8081/", "BOT_TOKEN": "42:TEST", "WEBHOOK_URL": "http://127.0.0.1:9"}
    )
    assert settings.bot_api_url == "http://127.0.0.1:8081"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TOKEN", "not-a-token"),
        ("BOT_TOKEN", "123456789:short"),
        ("BOT_TOKEN", TOKEN + " x"),
        ("ADMIN_IDS", "12,siti"),
        ("ADMIN_IDS", "@siti"),
        ("ADMIN_IDS", "-100123"),
        ("ADMIN_IDS", "²"),
        ("ADMIN_IDS", "0"),
        ("ADMIN_IDS", "9" * 5000),
        ("WEBHOOK_URL", "http://bot.example.org"),
        ("WEBHOOK_URL", "bot.example.org"),
        ("WEBHOOK_URL", "https://"),
        ("WEBHOOK_URL", "https://[::1"),
        ("BOT_API_URL", "ftp://example.org"),
        ("BOT_API_URL", "https://example.org:99999"),
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "9" * 5000),
        ("DATABASE_URL", "mysql://user:secret@host/db"),
        ("DATABASE_URL", "postgresql:/user:secret@host/db"),
        ("DATABASE_URL", "postgresql://user:sec@secret@host/db"),
        ("DATABASE_URL", "postgresql://user:sec/secret@host/db"),
        ("DATABASE_URL", "postgresql://user:sec?secret@host/db"),
        ("DATABASE_URL", "postgresql://user:sec#secret@host/db"),
        ("DATABASE_URL", "postgresql://user:100%secret@host/db"),
        ("DATABASE_URL", "bot.db"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("LOG_LEVEL", "LOUD"),
        ("BOT_LANGUAGE", "fr"),
        ("HASH_KEY", "short"),
        ("METRICS_TOKEN", "tiny"),
        ("RETENTION_DAYS", "0"),
        ("RETENTION_DAYS", "-1"),
        ("RETENTION_DAYS", "selamanya"),
    ],
)
def test_a_malformed_value_is_named_with_what_was_found_and_expected(name, value):
    with pytest.raises(SettingsError, match=rf"^{name}: found .+, expected .+") as error:
        read({name: value})
    assert len(str(error.value)) < 300
    if name in {"BOT_TOKEN", "HASH_KEY", "METRICS_TOKEN"}:
        assert value not in str(error.value)
    assert "secret" not in str(error.value).replace("WEBHOOK_SECRET", "")


def test_a_malformed_webhook_secret_is_not_shown():
    with pytest.raises(SettingsError, match="WEBHOOK_SECRET: found 10 characters") as error:
        read({"WEBHOOK_URL": "https://a.example", "WEBHOOK_SECRET": "dua kata !"})
    assert "dua kata" not in str(error.value)


def test_every_setting_is_in_the_example_file_and_no_other():
    written = re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    known = {"DATABASE_URL" if field.name == "database" else field.name.upper() for field in fields(Settings)}
    assert sorted(written) == sorted(known)


def test_the_examples_defaults_are_the_defaults():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    given = dict(re.findall(r"^#([A-Z_]+)=(.*)$", example, re.MULTILINE))
    assert read(given) == read({})
