"""The tokens of calls: asked for again, and shared by calls at once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from doors import Door
from http_servers import Exchange, answer, http_server, not_accepted

import smartcall


def test_a_provider_is_asked_once_more_after_a_401_and_its_failure_is_its_own(door: Door) -> None:
    given = iter(["old", "new"])

    def provider() -> str:
        token = next(given, None)
        if token is None:
            raise LookupError("no more tokens")
        return token

    with http_server(not_accepted, answer, not_accepted) as server:
        agent = door(server.url, token=provider).agent("echo")
        assert agent.invoke("Hello", retries=0).text == "Hi"
        with pytest.raises(LookupError, match="no more tokens"):
            agent.invoke("Hello")
    shown = [seen.headers["authorization"] for seen in server.seen]
    assert shown == ["Bearer old", "Bearer new", "Bearer new"]


def test_a_401_of_a_token_that_never_changes_is_the_callers(door: Door) -> None:
    with http_server(not_accepted) as server:
        for token in ("same", lambda: "same", None):
            with pytest.raises(smartcall.Unauthenticated):
                door(server.url, token=token).agent("echo").invoke("Hello")
        assert len(server.seen) == 3


def test_calls_at_once_share_one_refresh(door: Door) -> None:
    everybody = threading.Barrier(8)
    asked: list[int] = []

    def provider() -> str:
        asked.append(1)
        time.sleep(0.2)
        return "old" if len(asked) == 1 else "new"

    def check(exchange: Exchange) -> None:
        if exchange.headers["authorization"] == "Bearer new":
            answer(exchange)
        else:
            everybody.wait(10)
            not_accepted(exchange)

    with http_server(check) as server:
        agent = door(server.url, token=provider).agent("echo")
        with ThreadPoolExecutor(8) as pool:
            texts = list(pool.map(lambda _: agent.invoke("Hello").text, range(8)))
    assert texts == ["Hi"] * 8
    assert len(asked) == 2


def test_a_refresh_that_fails_fails_all_who_share_it_and_the_next_asks_again(door: Door) -> None:
    fails = [True]

    def provider() -> str:
        time.sleep(0.2)
        if fails:
            raise LookupError("the login is down")
        return "t"

    with http_server(answer) as server:
        agent = door(server.url, token=provider).agent("echo")

        def call(_: int) -> str:
            try:
                return str(agent.invoke("Hello").text)
            except LookupError as error:
                return str(error)

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(call, range(4))) == ["the login is down"] * 4
        fails.clear()
        assert agent.invoke("Hello").text == "Hi"
    assert len(server.seen) == 1


def test_who_waits_for_a_refresh_of_another_thread_waits_no_longer_than_its_time() -> None:
    begun, end = threading.Event(), threading.Event()

    def provider() -> str:
        begun.set()
        end.wait(10)
        return "t"

    with http_server(answer) as server, smartcall.Client(server.url, token=provider) as client:
        agent = client.agent("echo")
        first = threading.Thread(target=lambda: agent.invoke("Hello"))
        first.start()
        assert begun.wait(10)
        with pytest.raises(smartcall.DeadlineExceeded):
            agent.invoke("Hello", timeout=0.2)
        end.set()
        first.join(10)
        assert len(server.seen) == 1
