"""A WebSocket until it is open, or is not."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from doors import Door
from gateway_words import refusal
from socket_servers import Talk, echo, refused, socket_server
from websockets.datastructures import Headers
from websockets.http11 import Response

import smartcall
from smartcall import SmartCallError


def test_an_upgrade_that_is_refused_is_the_error_of_opening(door: Door) -> None:
    refusals = [refused(refusal(403, "SCOPE_MISSING")), refused(refusal(401, "TOKEN_REVOKED"))]
    with socket_server(echo, refusals=refusals) as server:
        agent = door(server.url, token="t").agent("echo")
        with pytest.raises(smartcall.Forbidden) as caught:
            agent.converse().open()
        assert (caught.value.reason, caught.value.request_id) == ("SCOPE_MISSING", "r-1")
        with pytest.raises(smartcall.Unauthenticated):
            agent.converse().open()


def test_an_upgrade_is_tried_again_as_calls_are(door: Door) -> None:
    refusals = [
        refused(refusal(401, "TOKEN_NOT_ACCEPTED")),
        refused(refusal(503, "GATEWAY_ENDING", retry="yes", delay="0.01s")),
    ]
    tokens = iter(["old", "new"])
    with socket_server(echo, refusals=refusals) as server:
        client = door(server.url, token=lambda: next(tokens))
        with client.agent("echo").converse() as socket:
            assert socket.conversation().ask("one").read().text == "one"
    shown = [upgrade["authorization"] for upgrade in server.upgrades]
    assert shown == ["Bearer old", "Bearer new", "Bearer new"]


@pytest.mark.parametrize("first", ["close", "other", "silent"])
def test_a_socket_that_is_never_ready_is_not_open(door: Door, first: str) -> None:
    def begins(talk: Talk) -> Any:
        if first == "close":
            talk.connection.close(4401, "the token has expired")
        elif first == "other":
            talk.connection.send("hello")
        return talk.closed()

    kinds = {
        "close": (smartcall.Unauthenticated, "TOKEN_EXPIRED"),
        "other": (SmartCallError, "BAD_ANSWER"),
        "silent": (smartcall.DeadlineExceeded, "DEADLINE_EXCEEDED"),
    }
    kind, reason = kinds[first]
    with socket_server(begins) as server:
        with pytest.raises(kind) as caught:
            door(server.url).agent("echo").converse(timeout=0.5).open()
        assert caught.value.reason == reason
        assert server.outcome() is True


def test_what_is_not_open_or_open_already_says_so(door: Door) -> None:
    with socket_server(echo) as server:
        agent = door(server.url).agent("echo")
        socket = agent.converse()
        with pytest.raises(RuntimeError, match="not open"):
            socket.conversation().ask("one").read()
        with pytest.raises(RuntimeError, match="not open"):
            socket.conversation().end()
        with socket, pytest.raises(RuntimeError, match="opened before"):
            socket.open()
        with pytest.raises(smartcall.Cancelled):
            socket.conversation().ask("one").read()
        agent.converse().close()


def test_a_redirect_of_an_upgrade_is_not_followed(door: Door) -> None:
    with socket_server(echo) as other:
        headers = Headers({"location": f"ws{other.url[4:]}/", "content-length": "0"})
        with socket_server(echo, refusals=[Response(307, "X", headers, b"")]) as server:
            with pytest.raises(SmartCallError) as caught:
                door(server.url, token="t").agent("echo").converse().open()
        assert caught.value.reason == "HTTP_307"
        assert other.upgrades == []


def test_an_upgrade_that_the_gateway_has_no_room_for_is_tried_again(door: Door) -> None:
    def full(talk: Talk) -> None:
        talk.connection.close(1013, "full")

    with socket_server(full, echo) as server, door(server.url).agent("echo").converse() as socket:
        assert socket.conversation().ask("one").read().text == "one"
    assert len(server.talks) == 2


def test_an_upgrade_that_nobody_answers_is_given_up(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartcall._http.CONNECT_TIMEOUT", 0.3)
    with socket_server(echo, stall=3) as server:
        with pytest.raises(smartcall.ConnectionFailed):
            door(server.url).agent("echo").converse(retries=0).open()


@pytest.mark.parametrize("timeout", [None, 20])
def test_a_socket_that_does_not_become_ready_is_given_up(
    door: Door, monkeypatch: pytest.MonkeyPatch, timeout: float | None
) -> None:
    monkeypatch.setattr("smartcall._http.CONNECT_TIMEOUT", 0.5)
    with socket_server(Talk.closed) as server:
        begin = time.monotonic()
        with pytest.raises(smartcall.ConnectionFailed, match="did not say `ready`") as caught:
            door(server.url).agent("echo").converse(retries=0, timeout=timeout).open()
        assert time.monotonic() - begin < 8
        assert caught.value.retryable
        assert server.outcome() is True


def test_a_socket_that_is_closed_before_it_is_open_stays_closed(door: Door) -> None:
    with socket_server(echo) as server:
        socket = door(server.url).agent("echo").converse()
        socket.close()
        with pytest.raises(smartcall.Cancelled):
            socket.open()
        assert server.upgrades == []


def test_a_socket_that_is_closed_while_it_is_opened_leaves_nothing_open(door: Door) -> None:

    def becomes_ready(talk: Talk) -> bool:
        talk.ready()
        return talk.closed()

    with socket_server(becomes_ready, stall=1) as server:
        socket = door(server.url).agent("echo").converse()
        closing = threading.Timer(0.3, socket.close)
        closing.start()
        with pytest.raises(smartcall.Cancelled):
            socket.open()
        closing.join()
        assert socket.closed
        assert server.outcome() is True
