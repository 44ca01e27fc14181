"""The real program, killed again and again while people ask: nobody is left without an answer, nobody gets another's.

``CHAOS_ROUNDS`` says how often it is killed in each mode (2), ``CHAOS_SEED`` how (1).
"""

from __future__ import annotations

import itertools
import json
import os
import socket
import sqlite3
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from telegram_double import Faults, TelegramDouble

sys.path.insert(0, str(Path(__file__).parent))
from world import ADMIN, ROOT, People, Supervisor, Webhooks

ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "2"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))
# A request that was on its way when the process was killed takes effect a little after.
ON_THE_WAY_SECONDS = 0.5
ARTICLE = (
    "Desa Sukamaju Salurkan Santunan Lansia\n\nPACITAN - Pemerintah desa menyalurkan santunan kepada 25 lansia, "
    "Senin (4/3/2024). Santunan diberikan oleh kepala desa di balai desa.\n\n"
    "Kepala desa mengatakan santunan lansia akan disalurkan setiap tiga bulan.\n"
)

pytestmark = pytest.mark.chaos


def environment(folder, telegram, **settings):
    (folder / "seeds").mkdir()
    (folder / "seeds" / "desa.txt").write_text(ARTICLE, encoding="utf-8")
    return {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "NO_PROXY": "127.0.0.1",
        "BOT_TOKEN": telegram.token,
        "BOT_API_URL": telegram.url,
        "ADMIN_IDS": str(ADMIN),
        "SEEDS_DIR": str(folder / "seeds"),
        "DATA_DIR": str(folder / "data"),
        **settings,
    }


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_whatever_ends_the_program_no_question_is_lost(tmp_path, mode):
    faults = Faults(chance=0.06, seed=SEED)
    with TelegramDouble(faults=faults) as telegram:
        settings, deliver, hooks = {}, telegram.delivers, None
        if mode == "webhook":
            hooks = Webhooks(free_port(), "/telegram", "rahasia")
            deliver = hooks.deliver
            settings = {
                "PORT": str(hooks.port),
                "WEBHOOK_URL": "https://bot.example.org/telegram",
                "WEBHOOK_SECRET": hooks.secret,
            }
        database = tmp_path / "data" / "bot.sqlite3"
        bot = Supervisor(environment(tmp_path, telegram, **settings), database, tmp_path / "log", telegram, SEED)
        people = People(SEED, deliver)
        people.start()
        try:
            for _ in range(ROUNDS):
                bot.round()
            people.stop()
            faults.off = True
            story = Story(people, telegram, bot)
            everyone = bot.finish(lambda: story.nobody_waits() and inbox(database)[0] == 0, 120)
        finally:
            people.stop()
            bot.kill()
    story.read()
    sys.stdout.write(json.dumps({"mode": mode, "seed": SEED, **story.figures(database), "faults": faults.count}) + "\n")
    assert everyone, f"unanswered: {story.unanswered()}; {log_tail(tmp_path)}"
    assert bot.codes[-1] == 0
    assert set(bot.codes) <= {0, -9, -15}, log_tail(tmp_path)
    assert story.strangers == []
    assert story.out_of_order == []
    assert story.repeated_for_no_reason == []
    assert story.rows_lost(database) == set()
    assert inbox(database) == (0, 0, 0)
    assert whole(database)
    shown = (tmp_path / "log").read_text(encoding="utf-8")
    assert "Traceback" not in shown, shown[shown.index("Traceback") - 500 :][:3000]
    assert telegram.token.partition(":")[2] not in shown
    assert "santunan" not in shown


class Story:
    """What was asked and what came of it."""

    def __init__(self, people, telegram, bot):
        self.people, self.telegram, self.bot = people, telegram, bot
        self.answers = defaultdict(list)  # message: every reply to it that took effect
        self.strangers, self.out_of_order, self.repeated_for_no_reason = [], [], []
        self.repeated_after_a_lock = 0

    def nobody_waits(self):
        return not self.unanswered()

    def unanswered(self):
        accepted = list(self.telegram.accepted)
        replied = {under(call) for call in accepted}
        tapped = {call.parameters["callback_query_id"] for call in accepted if call.method == "answerCallbackQuery"}
        return [*(self.people.questions.keys() - replied), *(self.people.taps.keys() - tapped)]

    def read(self):
        by_chat = defaultdict(list)
        for call in self.telegram.accepted:
            chat, question = call.parameters.get("chat_id"), under(call)
            if question in self.people.questions:
                self.answers[question].append(call)
                by_chat[chat].append((call, question))
                if str(self.people.questions[question][0]) != chat:
                    self.strangers.append(call)
            elif question is not None and chat != str(ADMIN):
                self.strangers.append(call)
        for calls in by_chat.values():
            firsts = list(dict.fromkeys(question for _, question in calls))
            if firsts != sorted(firsts):
                self.out_of_order.append(firsts)
        for question, calls in self.answers.items():
            for first, second in itertools.pairwise(calls):
                others = [call for call, other in by_chat[first.parameters["chat_id"]] if other != question]
                if first.damaged or self.was_in_flight(first, second, others):
                    continue
                # Nothing can be marked in a locked database, nor what was answered just before.
                window = ON_THE_WAY_SECONDS
                if any(begun - window <= first.moment <= end + window for begun, end in self.bot.locked):
                    self.repeated_after_a_lock += 1
                else:
                    self.repeated_for_no_reason.append((question, first.moment, second.moment, self.bot.ends))

    def was_in_flight(self, first, second, others):
        """Whether the program ended between two replies to a question, and before it began the chat's next one."""
        for end, _ in self.bot.ends:
            if first.moment < end + ON_THE_WAY_SECONDS and end < second.moment:
                return not any(first.moment < other.moment < end for other in others)
        return False

    def rows_lost(self, database):
        with sqlite3.connect(database) as connection:
            rows = {row[0] for row in connection.execute("SELECT question FROM queries")}
        return {text for _, text in self.people.questions.values()} - rows

    def figures(self, database):
        repeated = [calls for calls in self.answers.values() if len(calls) > 1]
        damaged = sum(any(call.damaged for call in calls[:-1]) for calls in repeated)
        return {
            "ends": len(self.bot.ends),
            "SIGKILL": sum(name == "SIGKILL" for _, name in self.bot.ends),
            "SIGTERM": sum(name == "SIGTERM" for _, name in self.bot.ends),
            "updates": self.people.updates,
            "questions": len(self.people.questions),
            "taps": len(self.people.taps),
            "lost": len(self.unanswered()),
            "log rows lost": len(self.rows_lost(database)),
            "repeated, in flight at an end": len(repeated) - damaged - self.repeated_after_a_lock,
            "repeated, database locked": self.repeated_after_a_lock,
            "repeated, response damaged": damaged,
        }


def under(call):
    """The message that a reply is under."""
    if call.method != "sendMessage" or "reply_parameters" not in call.parameters:
        return None
    return json.loads(call.parameters["reply_parameters"])["message_id"]


def inbox(database):
    """How many wait, were set aside, or still say something."""
    with sqlite3.connect(database) as connection:
        return connection.execute(
            "SELECT count(*) FILTER (WHERE outcome IS NULL), count(*) FILTER (WHERE outcome = 'set_aside'),"
            " count(payload) FROM inbox"
        ).fetchone()


def whole(database):
    with sqlite3.connect(database) as connection:
        return connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def log_tail(folder):
    return (folder / "log").read_text(encoding="utf-8")[-3000:]
