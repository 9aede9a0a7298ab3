"""What a WebSocket refuses by itself, and what it makes of a gateway that errs or is silent."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from doors import Door
from servers import Talk, delta, done, refusal, socket_server
from test_sockets import echo
from websockets.datastructures import Headers
from websockets.http11 import Response

import smartcall
from smartcall import SmartCallError, _ask
from smartcall._http import connect_options


@pytest.mark.parametrize("name", ["", "x" * 65, "\U0001f600" * 33])
def test_a_name_that_the_gateway_would_not_take_names_no_conversation(
    door: Door, name: str
) -> None:
    socket = door("http://127.0.0.1:1").agent("echo").converse()
    with pytest.raises(ValueError, match="1 to 64 characters"):
        socket.conversation(name)
    assert socket.conversation("\U0001f600" * 32).name


def test_a_refusal_without_a_conversation_is_no_turns(door: Door) -> None:
    def refuses(talk: Talk) -> None:
        talk.ready()
        name = talk.hear()["conversation"]
        talk.say(type="refused", error=refusal(400, "INVALID_REQUEST"))
        talk.events(name, delta(1, "one"), done(2))
        talk.closed()

    with socket_server(refuses) as server, door(server.url).agent("echo").converse() as socket:
        assert socket.conversation().ask("x").read().text == "one"


def test_a_refusal_of_a_token_is_no_turns(door: Door) -> None:
    tokens = iter(["old", "new"])

    def refuses(talk: Talk) -> None:
        talk.ready()
        name = talk.hear()["conversation"]
        talk.say(type="refused", conversation=name, error=refusal(401, "TOKEN_REVOKED"))
        other = talk.hear()
        while other["type"] != "token":
            other = talk.hear()
        talk.say(type="refused", error=refusal(401, "TOKEN_NOT_ACCEPTED"))
        talk.hear()
        talk.events(name, delta(1, "one"), done(2))
        talk.closed()

    with socket_server(refuses) as server:
        with door(server.url, token=lambda: next(tokens)).agent("echo").converse() as socket:
            begin = time.monotonic()
            assert socket.conversation().ask("x").read().text == "one"
            assert time.monotonic() - begin < 5  # the gateway's word on a token is awaited for 10


def test_a_turn_that_is_larger_than_the_gateway_takes_is_not_sent(door: Door) -> None:
    def bounded(talk: Talk) -> None:
        talk.say(type="ready", agent="echo", limits={"turnBytes": 200})
        talk.events(talk.hear()["conversation"], delta(1, "one"), done(2))
        talk.closed()

    with socket_server(bounded) as server, door(server.url).agent("echo").converse() as socket:
        conversation = socket.conversation()
        with pytest.raises(smartcall.InvalidRequest) as caught:
            conversation.ask("\u00fc" * 100).read()
        error = caught.value
        assert (error.reason, error.status, error.retryable) == ("REQUEST_TOO_LARGE", 413, False)
        assert conversation.ask("x").read().text == "one"


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


def test_a_turn_takes_nothing_that_its_socket_has(door: Door) -> None:
    conversation = door("http://127.0.0.1:1").agent("echo").converse().conversation()
    for option in ("traceparent", "headers", "timeuot"):
        with pytest.raises(TypeError, match=f"no `{option}`"):
            conversation.ask("x", **{option: None})


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


def test_a_piece_that_says_nothing_is_none(door: Door) -> None:
    def says_little(talk: Talk) -> None:
        talk.ready()
        talk.events(talk.hear()["conversation"], delta(1, ""), delta(2, "one"), done(3))
        talk.closed()

    with socket_server(says_little) as server, door(server.url).agent("echo").converse() as socket:
        pieces = list(socket.conversation().ask("x"))
        assert [piece.text for piece in pieces] == ["one"]


def test_a_redirect_of_an_upgrade_is_not_followed(door: Door) -> None:
    with socket_server(echo) as other:
        headers = Headers({"location": f"ws{other.url[4:]}/", "content-length": "0"})
        with socket_server(echo, refusals=[Response(307, "X", headers, b"")]) as server:
            with pytest.raises(SmartCallError) as caught:
                door(server.url, token="t").agent("echo").converse().open()
        assert caught.value.reason == "HTTP_307"
        assert other.upgrades == []


def test_a_turn_is_given_no_more_than_a_day_and_keeps_its_own_names() -> None:
    request = {"type": "end", "conversation": "other", "messages": ["m"]}
    turn = json.loads(_ask.turn_of(request, "c", 1_000_000_000))
    assert turn == {
        "type": "turn",
        "conversation": "c",
        "message": "m",
        "timeoutMs": 86_400_000,
    }


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
