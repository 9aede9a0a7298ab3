"""One call by HTTP: what is asked, and what is made of the answer."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from doors import Door
from http_servers import Exchange, answer, http_server

import smartcall
from smartcall import SmartCallError


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
