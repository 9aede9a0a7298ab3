from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from doors import Door
from servers import Exchange, http_server, refusal

import smartcall
from smartcall import SmartCallError

ANSWER = {"id": "c-1", "message": {"role": "assistant", "content": "Hi"}, "finishReason": "stop"}


def answer(exchange: Exchange) -> None:
    exchange.json(200, ANSWER, x_request_id="r-1")


def overloaded(exchange: Exchange) -> None:
    exchange.refuse(refusal(503, "AGENT_OVERLOADED", retry="yes", delay="0.05s"))


def not_accepted(exchange: Exchange) -> None:
    exchange.refuse(refusal(401, "TOKEN_NOT_ACCEPTED"))


def test_a_call_says_what_is_asked_and_by_whom(door: Door) -> None:
    with http_server(answer) as server:
        client = door(server.url + "/", token=" t-1\n", headers={"X-Few": "yes"})
        got = client.agent("an agent/..").invoke("Hello", timeout=5, headers={"x-more": "too"})
    assert (got.text, got.call_id, got.request_id) == ("Hi", "c-1", "r-1")
    (seen,) = server.seen
    assert (seen.method, seen.path) == ("POST", "/v1/agents/an%20agent%2F..:invoke")
    assert json.loads(seen.body) == {"messages": [{"role": "user", "content": "Hello"}]}
    assert seen.headers["authorization"] == "Bearer t-1"
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["user-agent"] == f"smartcall-python/{smartcall.__version__}"
    assert (seen.headers["x-few"], seen.headers["x-more"]) == ("yes", "too")
    assert 4000 < int(seen.headers["x-request-timeout-ms"]) <= 5000
    assert "traceparent" not in seen.headers


def test_without_a_timeout_the_route_says_how_long(door: Door) -> None:
    with http_server(answer) as server:
        door(server.url).agent("echo").invoke("Hello")
        door(server.url, timeout=5).agent("echo").invoke("Hello", timeout=None)
    for seen in server.seen:
        assert "x-request-timeout-ms" not in seen.headers
        assert "authorization" not in seen.headers


def test_a_call_that_may_be_made_again_is_with_what_is_left_of_its_time(door: Door) -> None:
    with http_server(overloaded, overloaded, answer) as server:
        assert door(server.url).agent("echo").invoke("Hello", timeout=5).text == "Hi"
    left = [int(seen.headers["x-request-timeout-ms"]) for seen in server.seen]
    assert len(left) == 3
    assert left[0] > left[1] > left[2]


def test_a_call_is_made_again_no_oftener_than_is_allowed(door: Door) -> None:
    with http_server(overloaded) as server:
        client = door(server.url, retries=1)
        with pytest.raises(smartcall.Unavailable):
            client.agent("echo").invoke("Hello")
        with pytest.raises(smartcall.Unavailable):
            client.agent("echo").invoke("Hello", retries=0)
    assert len(server.seen) == 3


def test_a_refusal_that_says_no_is_not_asked_again(door: Door) -> None:
    with http_server(lambda exchange: exchange.refuse(refusal(403, "NOT_ALLOWED"))) as server:
        with pytest.raises(smartcall.Forbidden) as caught:
            door(server.url).agent("echo").invoke("Hello")
    assert (len(server.seen), caught.value.request_id) == (1, "r-1")


def test_the_deadline_holds_while_a_refusal_is_waited_out(door: Door) -> None:
    def later(exchange: Exchange) -> None:
        exchange.refuse(refusal(503, "AGENT_OVERLOADED", retry="yes", delay="30s"))

    with http_server(later) as server:
        begin = time.monotonic()
        with pytest.raises(smartcall.Unavailable) as caught:
            door(server.url).agent("echo").invoke("Hello", timeout=10)
        assert time.monotonic() - begin < 5
    assert (caught.value.retry_after, len(server.seen)) == (30, 1)


@pytest.mark.parametrize("phase", ["head", "body", "endless", "refusal"])
def test_a_deadline_holds_here_whatever_the_gateway_does(door: Door, phase: str) -> None:
    def silent(exchange: Exchange) -> bool:
        status = b"503" if phase == "refusal" else b"200"
        length = b"" if phase == "endless" else b"content-length: 100\r\n"
        if phase != "head":
            exchange.raw(b"HTTP/1.1 " + status + b" X\r\n" + length + b"\r\n{")
        return exchange.hung_up()

    with http_server(silent) as server:
        begin = time.monotonic()
        with pytest.raises(smartcall.DeadlineExceeded) as caught:
            door(server.url).agent("echo").invoke("Hello", timeout=0.3)
        assert 0.25 < time.monotonic() - begin < 4
        assert server.outcome() is True
    assert (caught.value.status, caught.value.reason) == (504, "DEADLINE_EXCEEDED")
    assert not caught.value.retryable


def test_drops_of_a_body_do_not_stretch_a_deadline(door: Door) -> None:
    def drips(exchange: Exchange) -> None:
        exchange.raw(b"HTTP/1.1 200 OK\r\ncontent-length: 10000\r\n\r\n")
        for _ in range(200):
            exchange.raw(b" ")
            time.sleep(0.05)

    with http_server(drips) as server:
        begin = time.monotonic()
        with pytest.raises(smartcall.DeadlineExceeded):
            door(server.url).agent("echo").invoke("Hello", timeout=0.4)
        assert time.monotonic() - begin < 4


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{", b"garbage\r\n\r\n"]
)
def test_a_connection_that_ends_before_the_answer_is_not_asked_again(
    door: Door, said: bytes
) -> None:
    """The agent may have done its work."""

    def dies(exchange: Exchange) -> None:
        exchange.raw(said)
        exchange.hang_up()

    with http_server(dies) as server:
        with pytest.raises(smartcall.StreamBroken) as caught:
            door(server.url).agent("echo").invoke("Hello")
        assert len(server.seen) == 1
    error = caught.value
    assert (error.status, error.reason, error.retryable) == (503, "STREAM_BROKEN", True)
    assert error.__cause__ is not None


def test_a_call_that_may_be_done_twice_is_made_again_after_a_connection_that_ended(
    door: Door,
) -> None:
    with http_server(Exchange.hang_up, answer) as server:
        assert door(server.url, idempotent=True).agent("echo").invoke("Hello").text == "Hi"
        assert len(server.seen) == 2


@pytest.mark.parametrize(("idempotent", "calls"), [(False, 1), (True, 3)])
def test_an_agent_that_may_have_the_call_gets_it_again_only_where_it_may_do_it_twice(
    door: Door, calls: int, *, idempotent: bool
) -> None:
    def gone(exchange: Exchange) -> None:
        exchange.refuse(refusal(503, "AGENT_UNAVAILABLE", retry="yes", delay="0.01s"))

    for way in ("invoke", "stream"):
        with http_server(gone) as server:
            agent = door(server.url).agent("echo")
            with pytest.raises(smartcall.Unavailable) as caught:
                if way == "invoke":
                    agent.invoke("Hello", idempotent=idempotent)
                else:
                    agent.stream("Hello", idempotent=idempotent).read()
            assert caught.value.retryable
            assert len(server.seen) == calls


@pytest.mark.parametrize(("idempotent", "calls"), [(False, 1), (True, 2)])
def test_a_call_whose_token_ends_while_it_runs_is_made_again_only_where_it_may_be_done_twice(
    door: Door, calls: int, *, idempotent: bool
) -> None:
    def ended(exchange: Exchange) -> None:
        exchange.refuse(refusal(401, "TOKEN_EXPIRED"))

    given = iter(["old", "new"])
    with http_server(ended) as server:
        agent = door(server.url, token=lambda: next(given)).agent("echo")
        with pytest.raises(smartcall.Unauthenticated):
            agent.invoke("Hello", idempotent=idempotent)
        assert len(server.seen) == calls


def test_what_only_reads_is_asked_again_after_a_connection_that_ended(door: Door) -> None:
    agents = {"agents": [{"name": "echo", "health": "available"}]}
    with http_server(Exchange.hang_up, lambda exchange: exchange.json(200, agents)) as server:
        assert [agent.name for agent in door(server.url).agents()] == ["echo"]
        assert len(server.seen) == 2


def test_a_refusal_that_is_cut_is_a_refusal(door: Door) -> None:
    def cut(exchange: Exchange) -> None:
        exchange.raw(b"HTTP/1.1 502 X\r\ncontent-length: 100\r\n\r\nupstream error")
        exchange.hang_up()

    with http_server(cut) as server, pytest.raises(smartcall.Unavailable, match="upstream error"):
        door(server.url).agent("echo").invoke("Hello")


def test_a_refusal_without_an_end_is_read_no_further_than_it_may_say_anything(door: Door) -> None:
    def pours(exchange: Exchange) -> bool:
        exchange.raw(b"HTTP/1.1 503 X\r\ncontent-length: 1000000000\r\n\r\n")
        try:
            for _ in range(1000):
                exchange.raw(b"x" * 65_536)
        except OSError:
            return True
        return False

    with http_server(pours) as server:
        with pytest.raises(smartcall.Unavailable):
            door(server.url).agent("echo").invoke("Hello")
        assert server.outcome() is True


@pytest.mark.parametrize("body", [b"<html>", b"[1]", b""])
def test_an_answer_that_is_none_of_ours_is_an_error(door: Door, body: bytes) -> None:
    with http_server(lambda exchange: exchange.answer(200, body)) as server:
        for call in ("invoke", "describe"):
            with pytest.raises(SmartCallError) as caught:
                getattr(door(server.url).agent("echo"), call)(*["Hello"] * (call == "invoke"))
            assert type(caught.value) is SmartCallError
            assert (caught.value.reason, caught.value.status) == ("BAD_ANSWER", 200)


def test_a_redirect_is_not_followed(door: Door) -> None:
    with http_server(lambda exchange: exchange.answer(307, location="/elsewhere")) as server:
        with pytest.raises(SmartCallError) as caught:
            door(server.url, token="t").agent("echo").invoke("Hello")
    assert (caught.value.reason, len(server.seen)) == ("HTTP_307", 1)


def test_a_gateway_that_is_not_there_was_never_asked(door: Door) -> None:
    with http_server(answer) as server:
        url = server.url
    agent = door(url).agent("echo")
    for what in ("invoke", "stream", "converse"):
        with pytest.raises(smartcall.ConnectionFailed) as caught:
            if what == "invoke":
                agent.invoke("Hello")
            elif what == "stream":
                agent.stream("Hello").read()
            else:
                agent.converse(retries=0).open()
        error = caught.value
        assert (error.status, error.reason, error.retryable) == (0, "CONNECTION_FAILED", True)
        assert "Check the address" in error.message


def test_agents_are_listed_page_by_page(door: Door) -> None:
    pages: list[dict[str, Any]] = [
        {"agents": [{"name": "a"}], "nextPageToken": "a&b"},
        {"agents": [{"name": "b"}], "nextPageToken": "a&b"},
    ]
    with http_server(
        lambda exchange: exchange.json(200, pages[0]), lambda exchange: exchange.json(200, pages[1])
    ) as server:
        agents = door(server.url).agents()
    assert [agent.name for agent in agents] == ["a", "b"]
    assert [seen.path for seen in server.seen] == [
        "/v1/agents?pageSize=500",
        "/v1/agents?pageSize=500&pageToken=a%26b",
    ]


def test_one_agent_tells_of_itself(door: Door) -> None:
    said = {"name": "echo", "description": "Answers.", "capabilities": {"methods": ["invoke"]}}
    with http_server(lambda exchange: exchange.json(200, said)) as server:
        told = door(server.url).agent("echo").describe(timeout=5)
    assert (told.name, told.description, told.capabilities.methods) == (
        "echo",
        "Answers.",
        ("invoke",),
    )
    assert server.seen[0].path == "/v1/agents/echo"


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


def test_many_threads_may_share_a_client(door: Door) -> None:
    def echoes(exchange: Exchange) -> None:
        content = json.loads(exchange.body)["messages"][0]["content"]
        exchange.json(200, {"message": {"content": content}})

    with http_server(echoes) as server:
        agent = door(server.url, token=lambda: "t").agent("echo")
        asks = [str(number) for number in range(200)]
        with ThreadPoolExecutor(16) as pool:
            assert list(pool.map(lambda ask: agent.invoke(ask).text, asks)) == asks


def test_a_client_that_is_closed_calls_no_more(door: Door) -> None:
    client = door("http://127.0.0.1:1")
    client.close()
    with pytest.raises(RuntimeError, match="closed"):
        client.agent("echo").invoke("Hello")
