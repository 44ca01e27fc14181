"""The program itself, as an operator starts it: Procfile, terminal, exit codes. Loopback only."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import telegram_double
from telegram_double import TelegramDouble, message

from bot.app import ALLOWED_UPDATES

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ("ADMIN_IDS", "BOT_", "DATA", "HASH_KEY", "LOG_LEVEL", "METRICS", "PORT", "RETENTION", "SEEDS", "WEBHOOK")


@pytest.fixture
def articles(tmp_path):
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "desa.txt").write_text(
        "Desa Sukamaju Salurkan Santunan Lansia\n\nPACITAN - Pemerintah desa menyalurkan santunan kepada 25 lansia, "
        "Senin (4/3/2024). Santunan diberikan oleh kepala desa di balai desa.\n\n"
        "Kepala desa mengatakan santunan lansia akan disalurkan setiap tiga bulan.\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def environment(tmp_path, articles):
    """What the program is started with: this interpreter first on the path, and no setting but the test's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"
    return {
        **kept,
        "PATH": path,
        "PYTHONPATH": str(ROOT),
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "SEEDS_DIR": str(articles),
        "DATA_DIR": str(tmp_path / "data"),
    }


def bot(environment, *arguments, stdin="", **settings):
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env={**environment, **settings},
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@contextlib.contextmanager
def started(command, environment, cwd=ROOT):
    """A running program; what is left of it afterwards is killed, children included."""
    process = subprocess.Popen(
        command, env=environment, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.stdout.close()
        process.wait()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def test_the_procfile_runs_as_it_is_answers_and_ends_at_sigterm(environment):
    port = free_port()
    with TelegramDouble() as telegram:
        telegram.says("siapa yang memberi santunan lansia?")
        settings = {**environment, "BOT_TOKEN": telegram.token, "BOT_API_URL": telegram.url, "ADMIN_IDS": "7"}
        with started([sys.executable, "-m", "honcho", "start", "--port", str(port)], settings) as process:
            (sent,) = telegram.wait_for("sendMessage")
            # The host's own check of a "web" process.
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
                assert response.read() == b"ok\n"
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=15)
    assert sent["chat_id"] == "1234567"
    assert "<blockquote>" in sent["text"]
    assert "kepala desa" in sent["text"]
    assert json.loads(sent["reply_parameters"])["message_id"] == 5
    scopes = [json.loads(call["scope"])["type"] for call in telegram.named("setMyCommands")]
    assert scopes == ["default", "all_group_chats", "chat"]
    polls = telegram.named("getUpdates")
    assert set(json.loads(polls[0]["allowed_updates"])) == set(ALLOWED_UPDATES)
    assert polls[-1]["offset"] == "2"  # told Telegram that the message was dealt with
    assert "stopped" in output
    assert "Traceback" not in output
    assert telegram.token.partition(":")[2] not in output


def test_what_has_arrived_is_answered_before_the_program_ends(environment):
    with TelegramDouble() as telegram:
        settings = {**environment, "BOT_TOKEN": telegram.token, "BOT_API_URL": telegram.url}
        with started([sys.executable, "-m", "bot"], settings) as process:
            telegram.wait_for("getUpdates")
            for number in range(1, 41):
                telegram.says(f"santunan lansia {number}", update_id=number, message_id=number, chat=1_000 + number)
            telegram.wait_for("sendMessage")
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=15)
        assert process.returncode == 0
        fetched = int(telegram.named("getUpdates")[-1]["offset"]) - 1
        assert fetched >= 1
        assert len(telegram.named("sendMessage")) == fetched


def test_a_button_works_after_the_program_was_restarted_and_so_does_inline_mode(environment):
    person = {"id": 1234567, "is_bot": False, "first_name": "Siti"}
    with TelegramDouble() as telegram:
        settings = {**environment, "BOT_TOKEN": telegram.token, "BOT_API_URL": telegram.url}
        telegram.says("siapa yang memberi santunan lansia?", update_id=1)
        with started([sys.executable, "-m", "bot"], settings) as process:
            (sent,) = telegram.wait_for("sendMessage")
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=15)
        buttons = json.loads(sent["reply_markup"])["inline_keyboard"]
        codes = {button["text"]: button["callback_data"] for row in buttons for button in row}
        answer = {**message("x", 1_000_001), "from": telegram_double.BOT, "reply_markup": {"inline_keyboard": buttons}}
        taps = ("👎 Kurang tepat", "Baca artikel 1")
        with started([sys.executable, "-m", "bot"], settings) as process:
            for number, label in enumerate(taps, 2):
                tap = {"id": "1", "from": person, "chat_instance": "x", "data": codes[label], "message": answer}
                telegram.delivers({"update_id": number, "callback_query": tap})
            typed = {"id": "9", "from": person, "query": "santunan", "offset": ""}
            telegram.delivers({"update_id": 9, "inline_query": typed})
            (asked,) = telegram.wait_for("editMessageReplyMarkup")
            (read,) = telegram.wait_for("editMessageText")
            (listed,) = telegram.wait_for("answerInlineQuery")
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=15)
    assert "Sudah lama" in asked["reply_markup"]
    assert "Bagian yang dikutip:" in read["text"]
    labels = [button["text"] for row in json.loads(read["reply_markup"])["inline_keyboard"] for button in row]
    assert "« Kembali ke jawaban" in labels
    assert "santunan" in json.loads(listed["results"])[0]["input_message_content"]["message_text"]


def test_an_unreachable_telegram_is_tried_again(environment):
    with TelegramDouble() as telegram:
        telegram.down["getMe"] = 1
        settings = {**environment, "BOT_TOKEN": telegram.token, "BOT_API_URL": telegram.url}
        with started([sys.executable, "-m", "bot"], settings) as process:
            telegram.wait_for("getUpdates")
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=15)
    assert "trying again" in output
    assert process.returncode == 0
    assert "Traceback" not in output


def test_it_can_be_stopped_while_telegram_is_unreachable(environment):
    settings = {**environment, "BOT_TOKEN": "42:x", "BOT_API_URL": f"http://127.0.0.1:{free_port()}"}
    with started([sys.executable, "-m", "bot"], settings) as process:
        for line in process.stdout:
            if "trying again" in line:
                break
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=5)
    assert process.returncode == 0
    assert "Traceback" not in output


def test_a_webhook_address_that_telegram_refuses_is_said_without_a_traceback(environment):
    with TelegramDouble() as telegram:
        telegram.refusals["setWebhook"] = "bad webhook: Failed to resolve host"
        settings = {"BOT_TOKEN": telegram.token, "BOT_API_URL": telegram.url, "PORT": str(free_port())}
        done = bot(environment, **settings, WEBHOOK_URL="https://nowhere.example")
    assert done.returncode == 2
    assert "WEBHOOK_URL: Telegram refuses https://nowhere.example: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_failing_poll_is_one_line_and_tried_again(environment):
    with TelegramDouble() as telegram:
        settings = {**environment, "BOT_TOKEN": telegram.token, "BOT_API_URL": telegram.url}
        with started([sys.executable, "-m", "bot"], settings) as process:
            telegram.wait_for("getUpdates")
            telegram.down["getUpdates"] = 1
            telegram.says("santunan")  # ends the long poll under way; the next one fails
            telegram.wait_for("getUpdates", 3)
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=15)
    assert process.returncode == 0
    assert output.count("Bad Gateway") == 1
    assert "Traceback" not in output


def test_a_token_that_telegram_refuses_is_said_without_a_traceback(environment):
    with TelegramDouble(token="42:another") as telegram:
        done = bot(environment, BOT_TOKEN="42:mine", BOT_API_URL=telegram.url)
    assert done.returncode == 2
    assert "does not accept this token" in done.stderr
    assert "Traceback" not in done.stderr
    assert "mine" not in done.stderr


def test_a_webhook_answers_updates_with_the_secret_and_no_others(environment):
    port = free_port()
    update = {"update_id": 1, "message": message("santunan lansia", 5)}
    with TelegramDouble() as telegram:
        settings = {
            **environment,
            "BOT_TOKEN": telegram.token,
            "BOT_API_URL": telegram.url,
            "WEBHOOK_URL": "https://bot.example.org/telegram",
            "WEBHOOK_SECRET": "rahasia",
            "METRICS_TOKEN": "token-untuk-pengukuran",
            "PORT": str(port),
        }
        with started([sys.executable, "-m", "bot"], settings) as process:
            (hook,) = telegram.wait_for("setWebhook")
            assert hook["url"] == "https://bot.example.org/telegram"
            assert hook["secret_token"] == "rahasia"
            assert post(port, "/telegram", update, secret="salah") == 403
            assert post(port, "/telegram", update) == 403
            assert post(port, "/lain", update, secret="rahasia") == 404
            assert telegram.named("sendMessage") == []
            assert post(port, "/telegram", update, secret="rahasia") == 200
            telegram.wait_for("sendMessage")
            ready = json.loads(page(port, "/healthz/ready"))
            assert (ready["ready"], ready["articles"]) == (True, 1)
            with pytest.raises(urllib.error.HTTPError, match="401"):
                page(port, "/metrics")
            metrics = page(port, "/metrics", Authorization="Bearer token-untuk-pengukuran")
            assert "arsip_updates_total 1.0" in metrics
            assert telegram.token.partition(":")[2] not in metrics
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=15)
    assert process.returncode == 0
    assert "Traceback" not in output
    assert telegram.named("getUpdates") == []


def page(port, path, **headers):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=5) as response:
        return response.read().decode()


def post(port, path, update, secret=None):
    for _ in range(100):
        status = telegram_double.post(port, path, update, secret)
        if status is not None:
            return status
        time.sleep(0.05)  # not listening yet
    raise AssertionError("nothing listens")


def test_without_a_token_there_is_a_chat_in_the_terminal(environment, tmp_path):
    talk = "siapa yang memberi santunan lansia?\n1\n/sumber\n/privasi\n/cuaca\n🎉\n/keluar\ntidak dibaca\n"
    done = bot(environment, stdin=talk)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    first = done.stdout.splitlines()
    assert "1 artikel" in first[0]
    assert "BOT_TOKEN" in first[1]
    assert "@BotFather" in first[1]
    assert "❝" in done.stdout
    assert "[1] Baca artikel 1" in done.stdout
    assert "setiap tiga bulan" in done.stdout
    assert "dihapus setelah 90 hari" in done.stdout
    assert "tidak dikenal" in done.stdout
    assert "\x1b" not in done.stdout
    assert "Sampai jumpa." in done.stdout
    assert (tmp_path / "data" / "bot.sqlite3").exists()


def test_the_end_of_input_leaves_the_terminal_chat(environment):
    done = bot(environment, stdin="santunan")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_a_number_without_a_button_and_broken_bytes_are_answered_with_a_sentence(environment):
    talk = b"/tolong\n9\napa itu \xff\xfe santunan?\n"
    done = subprocess.run(
        [sys.executable, "-m", "bot"], env={**environment, "PYTHONIOENCODING": "utf-8"}, input=talk,
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert "Tidak ada pilihan nomor 9" in done.stdout.decode()
    assert done.stdout.decode().endswith("Sampai jumpa.\n")
    assert b"Traceback" not in done.stderr


def test_the_terminal_chat_deletes_what_is_past_its_time(environment, tmp_path):
    assert bot(environment, "ask", "santunan lansia").returncode == 0
    with sqlite3.connect(tmp_path / "data" / "bot.sqlite3") as connection:
        connection.execute("UPDATE queries SET asked_at = '2020-01-01T00:00:00Z', question = 'lama'")
    assert bot(environment, stdin="santunan lansia\n").returncode == 0
    with sqlite3.connect(tmp_path / "data" / "bot.sqlite3") as connection:
        assert connection.execute("SELECT question FROM queries").fetchall() == [("santunan lansia",)]


def test_output_that_nobody_reads_any_more_is_no_error(environment):
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", "santunan lansia"], env=environment, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_a_fragment_is_asked_back_with_what_this_archive_answers(environment):
    done = bot(environment, "ask", "kalau di Jawa Timur?")
    assert "1. bantuan apa di Jawa Timur?" in done.stdout
    offered = bot(environment, "ask", "bantuan apa di Jawa Timur?")
    assert "santunan kepada 25 lansia" in offered.stdout


def test_ask_answers_once(environment):
    done = bot(environment, "ask", "siapa yang memberi santunan lansia?")
    assert done.returncode == 0
    assert "kepala desa" in done.stdout
    assert done.stdout.startswith("Saya cari:")


def test_a_log_that_cannot_be_opened_costs_the_terminal_no_answer(environment, tmp_path):
    (tmp_path / "file").write_text("")
    done = bot(environment, "ask", "santunan lansia", DATA_DIR=str(tmp_path / "file"))
    assert done.returncode == 0
    assert "santunan" in done.stdout
    assert "questions are not logged" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "settings", "sentence"),
    [
        ((), {"BOT_TOKEN": "bukan-token"}, "BOT_TOKEN: found"),
        ((), {"BOT_TOKEN": "1:" + "a" * 35, "ADMIN_IDS": "siti"}, "ADMIN_IDS: found 'siti', expected"),
        (("ask", "x"), {"SEEDS_DIR": "/nowhere"}, "/nowhere"),
        (("ask", " "), {}, "empty question"),
        (("ask",), {}, "the following arguments are required"),
        (("tanya",), {}, "invalid choice"),
    ],
)
def test_what_the_operator_has_to_put_right_is_a_sentence_and_exit_code_2(environment, arguments, settings, sentence):
    done = bot(environment, *arguments, **settings)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_telegram_bot_refuses_a_database_of_a_newer_version(environment, tmp_path):
    with sqlite3.connect(tmp_path / "new.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    done = bot(environment, BOT_TOKEN="1:" + "a" * 35, DATABASE_URL=f"sqlite:///{tmp_path}/new.db")
    assert done.returncode == 2
    assert "a newer version of this program wrote it" in done.stderr


def test_the_terminal_chat_does_not_load_telegram(environment):
    code = "import sys, bot.__main__; bot.__main__.main(['ask', 'santunan']); sys.exit('telegram' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_help_names_the_settings_file(environment):
    done = bot(environment, "--help")
    assert done.returncode == 0
    assert ".env.example" in done.stdout
