"""Three real bots and a real PostgreSQL server on a bad day: nothing lost, nothing doubled, each chat in order.

``CHAOS_ROUNDS`` says how many misfortunes there are in the long one (`-m slow`, 12), ``CHAOS_SEED`` which (1).
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import postgres_server
import pytest
from telegram_double import TelegramDouble, message, post

sys.path.insert(0, str(Path(__file__).parent))
from fleet import PATH, SECRET, Fleet, until
from test_chaos import ARTICLE, Story
from world import ADMIN, People

ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "12"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))
STAFF, SUBSCRIBERS = (8001, 8002, 8003), range(5001, 5006)
ANOTHER = ARTICLE.replace("Desa Sukamaju", "Desa Mekarsari").replace("25 lansia", "31 lansia")

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.skipif(postgres_server.programs() is None, reason=postgres_server.MISSING),
]


class Tale(Story):
    """What was asked of the replicas, and what came of it."""

    def __init__(self, people, telegram, fleet):
        super().__init__(people, telegram, fleet)
        self.twice_without_server = set()
        self.fleet = fleet

    def rows_lost(self, _):
        rows = {text for (text,) in self.fleet.rows("SELECT question FROM queries")}
        # The log is not written while there is no server, and nobody waits for that.
        unlogged = {
            question
            for question, calls in self.answers.items()
            for call in calls
            if within(self.fleet.away, call.moment)
        }
        return {text for number, (_, text) in self.people.questions.items() if number not in unlogged} - rows

    def read(self):
        """As ``Story``, with what docs/scaling.md says of a time without the server excused.

        What is delivered twice then, to two replicas, is answered twice; and what was kept and not begun before is
        answered after what comes.
        """
        super().read()
        found = self.repeated_for_no_reason
        self.twice_without_server = {
            question
            for question, first, *_ in found
            if question in self.fleet.proxy.twice and within(self.fleet.away, first)
        }
        self.repeated_for_no_reason = [each for each in found if each[0] not in self.twice_without_server]
        self.out_of_order = [
            (earlier, later)
            for firsts in self.out_of_order
            for place, later in enumerate(firsts)
            for earlier in firsts[place + 1 :]
            if earlier < later and not within(self.fleet.dark, self.answers[later][0].moment)
        ]

    def figures(self, database):
        figures = super().figures(database)
        twice = len(self.twice_without_server)
        return {
            **figures,
            "repeated, in flight at an end": figures["repeated, in flight at an end"] - twice,
            "repeated, delivered twice without a server": twice,
        }

    def digests(self):
        """How many messages each subscriber was sent."""
        sent = [call.parameters.get("chat_id") for call in self.telegram.accepted if call.method == "sendMessage"]
        return [sent.count(str(chat)) for chat in SUBSCRIBERS]

    def told_since(self, moment, chat):
        """What a chat was told."""
        return [
            call.parameters["text"]
            for call in list(self.telegram.accepted)
            if call.method == "sendMessage" and call.parameters["chat_id"] == str(chat) and call.moment > moment
        ]

    def holds(self):
        """What must be so at the end, whatever happened."""
        self.read()
        mine = {str(chat) for chat in (*STAFF, ADMIN)}
        assert self.unanswered() == [], self.fleet.tails()
        assert [call for call in self.strangers if call.parameters["chat_id"] not in mine] == []
        assert self.out_of_order == [], self.fleet.away
        assert self.repeated_for_no_reason == [], self.fleet.tails()
        assert self.rows_lost(None) == set()
        rows = self.fleet.rows(
            "SELECT count(*) FILTER (WHERE outcome IS NULL), count(*) FILTER (WHERE outcome = 'set_aside'),"
            " count(payload), count(lane) FROM inbox"
        )
        assert rows == [(0, 0, 0, 0)]
        for replica in self.fleet.replicas:
            assert "Traceback" not in replica.said, replica.said[replica.said.index("Traceback") - 500 :][:3000]
            assert "santunan" not in replica.said
            assert self.telegram.token.partition(":")[2] not in replica.said
            assert postgres_server.PASSWORD not in replica.said


@pytest.fixture
def day(tmp_path):
    """The fleet at work, people who ask it without end, and their tale."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "desa.txt").write_text(ARTICLE, encoding="utf-8")
    # What is acknowledged survives the end of the server's processes, if not a power cut.
    with (
        postgres_server.running(synchronous_commit="on") as server,
        TelegramDouble() as telegram,
        Fleet(tmp_path, telegram, server, seeds, ADMIN) as fleet,
    ):
        people = People(SEED, fleet.proxy.deliver)
        people.start()
        try:
            yield fleet, people, Tale(people, telegram, fleet), seeds
        finally:
            people.stop()


def test_a_bad_day_of_three_replicas(day):
    fleet, people, tale, seeds = day
    figures = {}
    # What is due goes out once, though who was to send it is killed.
    until(lambda: fleet.rows("SELECT 1 FROM lanes WHERE lane = 'duty:jobs'"), 10)
    until(lambda: fleet.rows("SELECT 1 FROM arrivals"), 10)
    subscribe(fleet)
    leader = fleet.named(fleet.rows("SELECT replica FROM lanes WHERE lane = 'duty:jobs'")[0][0])
    fleet.kill(leader)
    figures["digests after, s"] = until(lambda: sum(tale.digests()) == len(SUBSCRIBERS), 15, fleet.tails)
    figures["taken over after, s"] = until(lambda: not keeps_waiting(fleet), 10, fleet.tails)
    leader.start()
    # The server is restarted while people ask.
    before = people.updates
    fleet.without_server("SIGINT", 1.5)
    until(lambda: people.updates > before + 20, 10)
    until(lambda: all(replica.health.get("ready") for replica in fleet.replicas), 30, fleet.tails)
    # One builds, and all swap.
    (seeds / "lagi.txt").write_text(ANOTHER, encoding="utf-8")
    command(fleet, "/reindex", 60_001)
    swapped = {}
    deadline = time.monotonic() + 20
    while len(swapped) < 3 and time.monotonic() < deadline:
        for replica in fleet.replicas:
            if replica not in swapped and replica.health.get("articles") == 2:
                swapped[replica] = time.monotonic()
    figures["swapped within, s"] = max(swapped.values()) - min(swapped.values())
    assert len(swapped) == 3, fleet.tails()
    assert figures["swapped within, s"] < 1
    assert sum(": fetched in " in replica.said for replica in fleet.replicas) >= 2, fleet.tails()
    # A role that is taken is gone everywhere.
    for person in STAFF:
        fleet.rows(f"INSERT INTO staff VALUES ({person}, 'viewer', {ADMIN}, '2026-01-01T00:00:00Z')")
    time.sleep(1)
    assert not any("tidak dikenal" in told for told in asked_for_staff(fleet, tale, 61_000))
    fleet.rows("DELETE FROM staff")
    time.sleep(1)
    assert all("tidak dikenal" in told for told in asked_for_staff(fleet, tale, 62_000))
    people.stop()
    until(lambda: not tale.unanswered() and settled(fleet), 30, fleet.tails)
    assert fleet.end() == [0, 0, 0], fleet.tails()
    tale.holds()
    assert tale.digests() == [1] * len(SUBSCRIBERS)
    assert fleet.rows("SELECT (SELECT count(*) FROM replicas), (SELECT count(*) FROM lanes)") == [(0, 0)]
    sys.stdout.write(json.dumps({**tale.figures(None), **figures}) + "\n")


def test_of_two_that_poll_one_does_and_the_other_when_that_is_killed(tmp_path):
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "desa.txt").write_text(ARTICLE, encoding="utf-8")
    with (
        postgres_server.running(synchronous_commit="on") as server,
        TelegramDouble() as telegram,
        Fleet(tmp_path, telegram, server, seeds, ADMIN, 2, webhook=False) as fleet,
    ):
        people = People(SEED, telegram.delivers)
        people.start()
        try:
            until(lambda: len(telegram.accepted) > 10, 10, fleet.tails)
            fetching = fleet.named(fleet.rows("SELECT replica FROM lanes WHERE lane = 'duty:polling'")[0][0])
            fleet.kill(fetching)
            count = len(telegram.accepted)
            another = until(lambda: len(telegram.accepted) > count + 10, 15, fleet.tails)
        finally:
            people.stop()
        tale = Tale(people, telegram, fleet)
        until(lambda: not tale.unanswered() and settled(fleet), 30, fleet.tails)
        fetching.start()  # and stands by
        until(lambda: fetching.health.get("ready"), 30, fleet.tails)
        assert fleet.end() == [0, 0], fleet.tails()
        tale.holds()
        sys.stdout.write(json.dumps({**tale.figures(None), "another polls after, s": another}) + "\n")


@pytest.mark.slow
def test_many_bad_days_of_three_replicas(day):
    fleet, people, tale, _ = day
    chance = random.Random(SEED)
    for _ in range(ROUNDS):
        replica = chance.choice(fleet.replicas)
        what = chance.choice(["SIGKILL", "SIGKILL", "SIGTERM", "freeze", "SIGINT", "SIGQUIT", "SIGSTOP"])
        if what in {"SIGKILL", "SIGTERM"}:
            fleet.kill(replica, what)
            time.sleep(chance.uniform(0, 8))
            replica.start()
        elif what == "freeze":
            fleet.freeze(replica, chance.uniform(1, 12))
        else:
            fleet.without_server(what, chance.uniform(0, 15))
        time.sleep(chance.uniform(0, 6))
    people.stop()
    until(lambda: not tale.unanswered() and settled(fleet), 90, fleet.tails)
    assert fleet.end() == [0, 0, 0], fleet.tails()
    tale.holds()
    sys.stdout.write(json.dumps({"seed": SEED, "rounds": ROUNDS, **tale.figures(None)}) + "\n")


def within(spans, moment):
    return any(begun <= moment <= end for begun, end in spans)


def subscribe(fleet):
    now = datetime.now(UTC)
    told, due = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (now - timedelta(hours=1), now - timedelta(seconds=1)))
    for chat in SUBSCRIBERS:
        fleet.rows(f"INSERT INTO digests VALUES ('code{chat}', {chat}, NULL, 7, 'WIB', '{told}', '{due}')")
        fleet.rows(f"INSERT INTO subscriptions VALUES ('code{chat}', 'all', '')")


def keeps_waiting(fleet):
    """Whether anything that was kept a while ago is not answered yet."""
    long_ago = "arrived_at::timestamptz < now() - interval '2 s'"
    return fleet.rows(f"SELECT count(*) FROM inbox WHERE outcome IS NULL AND {long_ago}") != [(0,)]


def settled(fleet):
    return fleet.rows("SELECT count(*) FROM inbox WHERE outcome IS NULL") == [(0,)]


def command(fleet, text, number, chat=ADMIN):
    fleet.proxy.deliver({"update_id": number, "message": message(text, number, chat)})


def asked_for_staff(fleet, tale, number):
    """What each replica tells a person of its own who asks for what only staff may."""
    told = []
    for person, replica in zip(STAFF, fleet.replicas, strict=True):
        moment = time.monotonic()
        asking = {"update_id": number + person, "message": message("/artikel", person, person)}
        assert post(replica.port, PATH, asking, SECRET) == 200
        until(partial(tale.told_since, moment, person), 10)
        told += tale.told_since(moment, person)
    return told
