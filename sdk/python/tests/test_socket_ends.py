"""How a WebSocket ends, and what becomes of the turns that run on it."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from doors import Door
from gateway_words import delta, done, refusal
from socket_servers import Talk, socket_server

import smartcall
from smartcall import SmartCallError


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (4401, smartcall.Unauthenticated),
        (4408, smartcall.StreamBroken),
        (4429, smartcall.LimitReached),
        (1011, SmartCallError),
        (1001, smartcall.Unavailable),
    ],
)
@pytest.mark.parametrize("begun", [False, True])
def test_turns_are_broken_when_their_socket_is_closed(
    door: Door, code: int, kind: type[SmartCallError], *, begun: bool
) -> None:
    def closes(talk: Talk) -> None:
        talk.ready()
        name = talk.hear()["conversation"]
        if begun:
            talk.events(name, delta(1, "one"))
        talk.connection.close(code, "why")

    with socket_server(closes) as server, door(server.url).agent("echo").converse() as socket:
        with pytest.raises(smartcall.StreamBroken) as caught:
            socket.conversation().ask("x").read()
        assert caught.value.text_so_far == ("one" if begun else "")
        assert type(caught.value.__cause__) is kind
        assert socket.closed
        assert type(socket.error) is kind
        with pytest.raises(kind):
            socket.conversation().ask("y").read()
        socket.conversation().end()
    assert len(server.talks) == 1


def test_turns_are_broken_when_the_connection_is(door: Door) -> None:
    def dies(talk: Talk) -> None:
        talk.ready()
        talk.events(talk.hear()["conversation"], delta(1, "one"))
        talk.connection.socket.shutdown(2)

    with socket_server(dies) as server, door(server.url).agent("echo").converse() as socket:
        with pytest.raises(smartcall.StreamBroken, match="1006") as caught:
            socket.conversation().ask("x").read()
        assert caught.value.text_so_far == "one"


def test_a_turn_that_runs_is_cancelled_when_its_socket_is_closed_here(door: Door) -> None:
    def holds(talk: Talk) -> Any:
        talk.ready()
        talk.events(talk.hear()["conversation"], delta(1, "one"))
        return talk.closed()

    with socket_server(holds) as server:
        socket = door(server.url).agent("echo").converse().open()
        pieces = iter(socket.conversation().ask("x"))
        assert next(pieces).text == "one"
        closing = threading.Timer(0.2, socket.close)
        closing.start()
        with pytest.raises(smartcall.Cancelled) as caught:
            next(pieces)
        closing.join()
        assert caught.value.text_so_far == "one"
        assert server.outcome() is True


def test_a_gateway_that_goes_away_lets_turns_end_and_takes_no_more(door: Door) -> None:
    def drains(talk: Talk) -> None:
        talk.ready()
        name = talk.hear()["conversation"]
        talk.events(name, delta(1, "one"))
        talk.say(type="draining")
        talk.events(name, done(2))
        talk.closed()

    with socket_server(drains) as server, door(server.url).agent("echo").converse() as socket:
        assert socket.conversation().ask("x").read().text == "one"
        assert socket.draining
        with pytest.raises(smartcall.Unavailable) as caught:
            socket.conversation().ask("y").read()
    assert (caught.value.reason, caught.value.retryable) == ("GATEWAY_ENDING", True)
    assert len(server.talks[0].said) == 1


def test_a_turn_that_an_ending_gateway_refuses_is_not_asked_of_it_again(door: Door) -> None:
    def drains(talk: Talk) -> None:
        talk.ready()
        name = talk.hear()["conversation"]
        talk.say(type="draining")
        later = refusal(503, "GATEWAY_ENDING", retry="yes", delay="0.01s")
        talk.say(type="refused", conversation=name, error=later)
        talk.closed()

    with socket_server(drains) as server, door(server.url).agent("echo").converse() as socket:
        with pytest.raises(smartcall.Unavailable):
            socket.conversation().ask("x").read()
    assert len(server.talks[0].said) == 1


def test_a_silence_is_asked_about_and_then_given_up(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartcall._socket._SILENCE", 0.3)

    def falls_silent(talk: Talk) -> Any:
        talk.ready()
        name = talk.hear()["conversation"]
        ping = talk.hear()
        talk.say(type="pong")
        talk.events(name, delta(1, "one"))
        return ping, talk.hear(), talk.closed()

    with socket_server(falls_silent) as server:
        with door(server.url).agent("echo").converse() as socket:
            with pytest.raises(smartcall.StreamBroken) as caught:
                socket.conversation().ask("x").read()
            assert caught.value.text_so_far == "one"
            assert socket.closed
        assert server.outcome() == ({"type": "ping"}, {"type": "ping"}, True)


@pytest.mark.parametrize("frame", ["no JSON", b"\x00\xff", "[]"])
def test_a_frame_that_is_no_json_object_breaks_the_socket(door: Door, frame: str | bytes) -> None:
    def babbles(talk: Talk) -> Any:
        talk.ready()
        talk.events(talk.hear()["conversation"], delta(1, "one"))
        talk.connection.send(frame)
        return talk.closed()

    with socket_server(babbles) as server, door(server.url).agent("echo").converse() as socket:
        with pytest.raises(smartcall.StreamBroken) as caught:
            socket.conversation().ask("x").read()
        assert caught.value.text_so_far == "one"
        assert isinstance(socket.error, smartcall.StreamBroken)
        assert server.outcome() is True
