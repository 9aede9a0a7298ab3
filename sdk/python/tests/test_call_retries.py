"""What is called again, and what is not."""

from __future__ import annotations

import pytest
from doors import Door
from gateway_words import refusal
from http_servers import Exchange, answer, http_server, overloaded

import smartcall


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
