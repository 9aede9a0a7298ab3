"""Who reads slowly, or nothing, from a WebSocket."""

from __future__ import annotations

import time

import pytest
from doors import Door
from gateway_words import delta, done
from socket_servers import Talk, socket_server

from smartcall._http import connect_options


def test_who_reads_slowly_is_waited_for_and_loses_nothing(door: Door) -> None:
    piece = "x" * 60_000
    pieces = 500
    sent: list[int] = []

    def pours(talk: Talk) -> None:
        talk.ready()
        name = talk.hear()["conversation"]
        for number in range(pieces):
            talk.events(name, delta(number + 1, piece))
            sent.append(number)
        talk.events(name, done(pieces + 1))
        talk.closed()

    with socket_server(pours) as server, door(server.url).agent("echo").converse() as socket:
        stream = iter(socket.conversation("slow").ask("x"))
        assert next(stream).text == piece
        time.sleep(1)
        assert len(sent) < pieces
        assert sum(len(each.text) for each in stream) == 60_000 * (pieces - 1)


def test_a_turn_that_is_not_read_holds_up_no_other(door: Door) -> None:
    def pours(talk: Talk) -> None:
        talk.ready()
        name = talk.hear()["conversation"]
        for number in range(30):
            talk.events(name, delta(number + 1, "x" * 60_000))
        other = talk.hear()["conversation"]
        talk.events(other, delta(1, "two"), done(2))
        talk.closed()

    with socket_server(pours) as server, door(server.url).agent("echo").converse() as socket:
        unread = iter(socket.conversation().ask("x"))
        assert next(unread).text
        assert socket.conversation().ask("y").read().text == "two"


def test_who_reads_nothing_for_long_has_not_lost_the_gateway(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartcall._socket._SILENCE", 0.2)
    # The protocol's own pings would be answered only once all before them is read.
    assert connect_options({}, None, None)["ping_interval"] is None
    pieces = 100

    def pours(talk: Talk) -> None:
        talk.ready()
        name = talk.hear()["conversation"]
        for number in range(pieces):
            talk.events(name, delta(number + 1, "x" * 60_000))
        talk.events(name, done(pieces + 1))
        talk.closed()

    with socket_server(pours) as server, door(server.url).agent("echo").converse() as socket:
        stream = iter(socket.conversation().ask("x"))
        next(stream)
        time.sleep(1.5)
        assert sum(1 for _ in stream) == pieces - 1
