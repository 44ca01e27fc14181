"""Chats in parallel, each chat in order."""

from __future__ import annotations

import asyncio

from telegram import Chat, Message, Update

from bot.ordering import ChatByChat


def update(number, chat):
    return Update(number, message=Message(number, None, Chat(chat, "private")))


async def test_a_slow_chat_keeps_its_own_order_and_delays_no_other():
    processor, done, release = ChatByChat(), [], asyncio.Event()

    async def slow():
        await release.wait()
        done.append("slow")

    async def quick(name):
        done.append(name)

    tasks = [
        asyncio.create_task(processor.process_update(update(1, 10), slow())),
        asyncio.create_task(processor.process_update(update(2, 10), quick("after slow"))),
        asyncio.create_task(processor.process_update(update(3, 20), quick("another chat"))),
    ]
    await asyncio.wait_for(tasks[2], 1)
    assert done == ["another chat"]
    release.set()
    await asyncio.gather(*tasks)
    assert done == ["another chat", "slow", "after slow"]
    assert processor._locks == {} == processor._waiting


async def test_a_failing_update_frees_its_chat():
    processor = ChatByChat()

    async def fail():
        raise RuntimeError

    await asyncio.gather(processor.process_update(update(1, 10), fail()), return_exceptions=True)
    await asyncio.wait_for(processor.process_update(update(2, 10), asyncio.sleep(0)), 1)
