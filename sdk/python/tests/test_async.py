"""What only asyncio has: tasks that are cancelled, and coroutines that give tokens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from http_servers import Exchange, answer, holds, http_server

import smartcall
from smartcall import AsyncClient


@pytest.mark.parametrize("what", ["invoke", "stream"])
def test_a_task_that_is_cancelled_ends_its_call(what: str) -> None:
    async def story(url: str) -> None:
        async with AsyncClient(url) as client:
            agent = client.agent("echo")
            call = agent.invoke("Hello") if what == "invoke" else agent.stream("Hello").read()
            task = asyncio.ensure_future(call)
            await asyncio.to_thread(server.asked)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    handler = holds if what == "stream" else Exchange.hung_up
    with http_server(handler) as server:
        asyncio.run(story(server.url))
        assert server.outcome() is True


def test_a_timeout_of_asyncio_ends_a_call_as_itself() -> None:
    async def story(url: str) -> None:
        async with AsyncClient(url) as client:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.agent("echo").stream("Hello").read(), 1)

    with http_server(holds) as server:
        asyncio.run(story(server.url))
        assert server.outcome() is True


def test_who_leaves_a_loop_without_a_block_ends_the_call_too() -> None:
    async def story(url: str) -> None:
        async with AsyncClient(url) as client:
            async for piece in client.agent("echo").stream("Hello"):
                assert piece.text == "one"
                break
            assert await asyncio.to_thread(server.outcome) is True

    with http_server(holds) as server:
        asyncio.run(story(server.url))


def test_a_provider_may_be_a_coroutine_and_who_gives_up_leaves_it_running() -> None:
    asked: list[int] = []

    async def provider() -> str:
        asked.append(1)
        await asyncio.sleep(1)
        return "t"

    async def story(url: str) -> None:
        async with AsyncClient(url, token=provider) as client:
            agent = client.agent("echo")
            hasty = asyncio.ensure_future(agent.invoke("Hello", timeout=0.1))
            leaver = asyncio.ensure_future(agent.invoke("Hello"))
            patient = asyncio.ensure_future(agent.invoke("Hello"))
            await asyncio.sleep(0.05)
            leaver.cancel()
            with pytest.raises(smartcall.DeadlineExceeded):
                await hasty
            assert (await patient).text == "Hi"
            assert (await agent.invoke("Hello")).text == "Hi"

    with http_server(answer) as server:
        asyncio.run(story(server.url))
        assert [seen.headers["authorization"] for seen in server.seen] == ["Bearer t"] * 2
    assert len(asked) == 1


def test_a_client_that_blocks_says_that_it_cannot_await_a_token() -> None:
    async def provider() -> str:
        return "t"

    waiting = provider()
    providers: dict[str, Any] = {"token": lambda: waiting}
    with smartcall.Client("http://127.0.0.1:1", **providers) as client:
        with pytest.raises(TypeError, match="`AsyncClient` awaits"):
            client.agent("echo").invoke("Hello")
    waiting.close()


def test_a_timeout_of_asyncio_is_one_where_it_is_no_other_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As before Python 3.11."""

    class OldTimeoutError(Exception):
        pass

    class Opening:
        def __await__(self) -> Any:
            return self.fails()

        def fails(self) -> Iterator[None]:
            yield from ()
            raise OldTimeoutError

    async def opens(timeout: float | None) -> None:
        async with smartcall.AsyncClient("http://127.0.0.1:1") as client:
            await client.agent("echo").converse(timeout=timeout, retries=0).open()

    monkeypatch.setattr("smartcall._async_io.connect", lambda *_, **__: Opening())
    monkeypatch.setattr("asyncio.TimeoutError", OldTimeoutError)
    with pytest.raises(smartcall.ConnectionFailed):
        asyncio.run(opens(None))
    with pytest.raises(smartcall.DeadlineExceeded):
        asyncio.run(opens(5))
