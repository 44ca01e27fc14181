"""The one port, over real HTTP: who may deliver, who may look, and an end that cuts nobody off."""

from __future__ import annotations

import asyncio
import json
import logging

import aiohttp
import pytest

from bot.errors import StorageError
from bot.metrics import CONTENT_TYPE
from bot.web import SECRET_HEADER, Health, Webhook, is_private, serve

SECRET = "rahasia-webhook-42"
PATH = "/hook/42:abc"
UPDATE = {"update_id": 7, "message": {"text": "santunan lansia"}}


class Site:
    """A server on a free port, what it was given, and a client."""

    def __init__(self, server, session, accepted):
        self.server, self.session, self.accepted = server, session, accepted

    async def request(self, method, path, **options):
        async with self.session.request(method, f"http://127.0.0.1:{self.server.port}{path}", **options) as response:
            return response.status, await response.text(), response.headers

    async def delivers(self, data=None, *, path=PATH, headers=None, method="POST", **options):
        headers = {SECRET_HEADER: SECRET} if headers is None else headers
        data = json.dumps(UPDATE) if data is None else data
        status, _, _ = await self.request(method, path, data=data, headers=headers, **options)
        return status


READY = Health({}, {"articles": 5})


@pytest.fixture
async def open_site():
    """Opens servers, and closes them at the end."""
    opened = []

    async def open_(*, webhook=True, accept=None, health=READY, metrics_token=None):
        accepted = []

        async def keep(update):
            accepted.append(update)

        async def state():
            return health

        hook = Webhook(PATH, SECRET, accept or keep) if webhook else None
        server = await serve(0, webhook=hook, health=state, metrics=lambda: b"arsip 1\n", metrics_token=metrics_token)
        session = aiohttp.ClientSession()
        opened.append((server, session))
        return Site(server, session, accepted)

    yield open_
    for server, session in opened:
        await session.close()
        await server.close()


# -- the webhook -------------------------------------------------------------------------------------------------------


async def test_an_update_is_accepted_as_it_was_sent(open_site):
    site = await open_site()
    assert await site.delivers() == 200
    assert site.accepted == [UPDATE]


@pytest.mark.parametrize(
    "given",
    [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: SECRET + "x"}, {SECRET_HEADER: SECRET[:-1]}, {"Authorization": SECRET}],
)
async def test_without_the_secret_nothing_is_read_nor_accepted(open_site, given):
    site = await open_site()
    assert await site.delivers(headers=given) == 403
    assert await site.delivers("no json", headers=given) == 403
    assert site.accepted == []


async def test_a_secret_that_is_not_even_text_is_refused(open_site):
    site = await open_site()
    reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
    writer.write(
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: ".encode() + b"\xff\xe9\r\nContent-Length: 0\r\n\r\n"
    )
    assert (await reader.readline()).split()[1] == b"403"
    writer.close()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b'"x"',
        b"null",
        b"{}",
        b'{"update_id": "7"}',
        b'{"update_id": true}',
        b'{"update_id": 7.5}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"update_id": ' + b"9" * 10_000 + b"}",
    ],
)
async def test_what_is_no_update_is_a_bad_request(open_site, body):
    site = await open_site()
    assert await site.delivers(body) == 400
    assert site.accepted == []


async def test_an_unknown_update_and_strange_characters_are_passed_on(open_site):
    site = await open_site()
    update = {"update_id": 8, "brand_new": {"text": "\ud800\u0000 ❝"}}
    assert await site.delivers(json.dumps(update)) == 200
    assert site.accepted == [update]


async def test_a_mebibyte_is_read_and_no_more(open_site):
    site = await open_site()
    frame = len(json.dumps({"update_id": 1, "x": ""}))
    assert await site.delivers(json.dumps({"update_id": 1, "x": "y" * (1024 * 1024 - frame - 1)})) == 200
    assert await site.delivers(json.dumps({"update_id": 1, "x": "y" * (1024 * 1024 - frame + 1)})) == 413
    assert len(site.accepted) == 1


async def test_a_body_that_never_ends_is_given_up(open_site, monkeypatch):
    monkeypatch.setattr("bot.web.LONGEST_BODY_SECONDS", 0.05)
    site = await open_site()
    reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {SECRET}\r\nContent-Length: 99\r\n\r\n"
    writer.write(head.encode() + b'{"update')
    assert (await reader.readline()).split()[1] == b"408"
    writer.close()


@pytest.mark.parametrize("announced", ["Content-Length: 99", "Transfer-Encoding: chunked"])
async def test_a_delivery_that_breaks_off_or_is_garbage_is_no_traceback_in_the_log(open_site, caplog, announced):
    site = await open_site()
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {SECRET}\r\n{announced}\r\n\r\n".encode()
    for said in (head, head + b'{"upd', head + b"zz\r\n{}", b"\x16\x03\x01\x02\x00\x01", b"GET " + b"x" * 9000):
        _, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
        writer.write(said)
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.close()
    await asyncio.sleep(0.05)
    assert await site.delivers() == 200
    assert site.accepted == [UPDATE]
    assert "Traceback" not in caplog.text


async def test_what_cannot_be_stored_is_to_be_delivered_again(open_site, caplog):
    async def full(_):
        raise StorageError("disk full")

    site = await open_site(accept=full)
    assert await site.delivers() == 503
    assert "disk full" in caplog.text


async def test_any_other_failure_is_logged_by_its_kind_only(open_site, caplog):
    async def broken(update):
        raise KeyError(update["message"]["text"])

    caplog.set_level(logging.DEBUG)
    site = await open_site(accept=broken)
    assert await site.delivers() == 500
    assert "KeyError" in caplog.text
    assert "santunan" not in caplog.text


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
async def test_only_post_delivers(open_site, method):
    site = await open_site()
    status, _, headers = await site.request(method, PATH, headers={SECRET_HEADER: SECRET})
    assert (status, headers["Allow"]) == (405, "POST")


async def test_other_paths_are_not_there(open_site):
    site = await open_site()
    for path in ("/hook", PATH + "/", "/metrics/x", "/favicon.ico", "/%2e%2e/etc"):
        assert await site.delivers(path=path) == 404
        assert (await site.request("GET", path))[0] == 404


async def test_while_polling_nothing_can_be_delivered(open_site):
    site = await open_site(webhook=False)
    assert await site.delivers() == 404
    assert await site.delivers(path="/healthz") == 405


async def test_a_webhook_at_the_root_shares_it_with_the_hosts_check(open_site):
    accepted = []

    async def keep(update):
        accepted.append(update)

    async def state():
        return READY

    server = await serve(0, webhook=Webhook("/", SECRET, keep), health=state, metrics=lambda: b"")
    async with aiohttp.ClientSession() as session:
        site = Site(server, session, accepted)
        assert await site.delivers(path="/") == 200
        assert (await site.request("GET", "/"))[:2] == (200, "ok\n")
        status, _, headers = await site.request("PUT", "/")
        assert (status, headers["Allow"]) == (405, "GET, HEAD, POST")
    await server.close()


# -- the end -----------------------------------------------------------------------------------------------------------


async def test_closing_waits_for_what_is_in_flight_and_takes_nothing_more(open_site):
    begun, go_on, accepted = asyncio.Event(), asyncio.Event(), []

    async def slowly(update):
        begun.set()
        await go_on.wait()
        accepted.append(update)

    site = await open_site(accept=slowly)
    delivery = asyncio.create_task(site.delivers())
    await begun.wait()
    closing = asyncio.create_task(site.server.close())
    await asyncio.sleep(0.05)
    assert not closing.done()
    with pytest.raises(aiohttp.ClientConnectorError):
        await site.delivers()
    go_on.set()
    assert await delivery == 200
    await closing
    assert accepted == [UPDATE]


async def test_idle_connections_do_not_hold_up_the_end(open_site):
    site = await open_site()
    await site.request("GET", "/healthz")  # kept alive by the client
    async with asyncio.timeout(1):
        await site.server.close()


async def test_a_client_that_hangs_up_does_not_undo_what_it_delivered(open_site):
    begun, done = asyncio.Event(), asyncio.Event()

    async def slowly(_):
        begun.set()
        await asyncio.sleep(0.05)
        done.set()

    site = await open_site(accept=slowly)
    delivery = asyncio.create_task(site.delivers())
    await begun.wait()
    delivery.cancel()
    async with asyncio.timeout(1):
        await done.wait()


async def test_a_taken_port_is_an_os_error(open_site):
    site = await open_site()
    with pytest.raises(OSError, match="in use"):
        await serve(site.server.port, webhook=None, health=None, metrics=None)


# -- health ------------------------------------------------------------------------------------------------------------


async def test_live_says_ok_whatever_is_not_ready(open_site):
    site = await open_site(health=Health({"database": "does not answer"}, {}))
    for path in ("/", "/healthz"):
        assert (await site.request("GET", path))[:2] == (200, "ok\n")
        assert (await site.request("HEAD", path))[:2] == (200, "")


async def test_ready_names_what_is_not(open_site):
    site = await open_site(health=Health({"database": "does not answer"}, {"articles": 5}))
    status, body, headers = await site.request("GET", "/healthz/ready")
    assert status == 503
    assert json.loads(body) == {"ready": False, "not_ready": {"database": "does not answer"}, "articles": 5}
    assert headers["Cache-Control"] == "no-store"
    site = await open_site()
    status, body, _ = await site.request("GET", "/healthz/ready")
    assert (status, json.loads(body)) == (200, {"ready": True, "not_ready": {}, "articles": 5})


# -- metrics -----------------------------------------------------------------------------------------------------------


async def test_without_a_token_metrics_are_for_the_private_network_but_not_through_a_proxy(open_site):
    site = await open_site()
    status, body, headers = await site.request("GET", "/metrics")
    assert (status, body, headers["Content-Type"]) == (200, "arsip 1\n", CONTENT_TYPE)
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
        status, body, _ = await site.request("GET", "/metrics", headers={name: "127.0.0.1"})
        assert (status, body) == (403, "")


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("10.1.2.3", True),
        ("192.168.0.7", True),
        ("::ffff:10.0.0.1", True),
        ("::ffff:149.154.167.220", False),
        ("149.154.167.220", False),
        ("2001:67c:4e8::1", False),
        ("", False),
        (None, False),
        ("unix:", False),
    ],
)
def test_which_addresses_are_private(address, private):
    assert is_private(address) is private


async def test_with_a_token_nobody_reads_metrics_without_it(open_site):
    token = "sebuah-token-panjang"
    site = await open_site(metrics_token=token)
    for given in (
        {},
        {"Authorization": token},
        {"Authorization": f"Basic {token}"},
        {"Authorization": f"Bearer {token}x"},
    ):
        status, body, headers = await site.request("GET", "/metrics", headers=given)
        assert (status, body, headers["WWW-Authenticate"]) == (401, "", "Bearer")
    through_a_proxy = {"Authorization": f"bearer {token}", "X-Forwarded-For": "149.154.167.220"}
    assert (await site.request("GET", "/metrics", headers=through_a_proxy))[0] == 200


def test_the_secret_does_not_show():
    assert SECRET not in repr(Webhook(PATH, SECRET, None))
