from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from doors import Door
from gateway_words import delta, done, refusal, sse
from http_servers import Exchange, http_server

import smartcall
from smartcall import SmartCallError


def stream_of(door: Door, url: str, **options: Any) -> Any:
    return door(url).agent("echo").stream("Hello", **options)


def test_a_stream_is_asked_for_with_its_first_piece(door: Door) -> None:
    body = sse(delta(1, "one "), {"sequence": 2, "heartbeat": {}}, delta(3, "two"), done(4))
    with http_server(lambda exchange: exchange.stream(body)) as server:
        stream = stream_of(door, server.url)
        assert server.seen == []
        with pytest.raises(RuntimeError, match="no answer before"):
            _ = stream.answer
        assert [piece.text for piece in stream] == ["one ", "two"]
        assert (stream.text, stream.request_id) == ("one two", "r-1")
        answer = stream.answer
        assert (answer.text, answer.usage.output_tokens, answer.call_id) == ("one two", 2, "c-1")
        assert stream.read() == answer
        assert list(stream) == []
    assert server.seen[0].path == "/v1/agents/echo:stream"


def test_a_stream_may_be_read_at_once(door: Door) -> None:
    with http_server(lambda exchange: exchange.stream(sse(delta(1, "one"), done(2)))) as server:
        with stream_of(door, server.url) as stream:
            assert stream.read().text == "one"


def test_text_is_whole_wherever_its_bytes_are_cut(door: Door) -> None:
    body = sse(delta(1, "grüß "), delta(2, "🙂🏽"), done(3))
    cut = [bytes([byte]) for byte in body]
    with http_server(lambda exchange: exchange.stream(*cut)) as server:
        assert stream_of(door, server.url).read().text == "grüß 🙂🏽"


def test_pieces_come_as_they_are_sent(door: Door) -> None:
    go_on = threading.Event()

    def waits(exchange: Exchange) -> bool:
        exchange.stream(sse(delta(1, "one")), end=False)
        came = go_on.wait(10)
        exchange.chunk(sse(done(2)))
        exchange.raw(b"0\r\n\r\n")
        return came

    with http_server(waits) as server:
        for piece in stream_of(door, server.url):
            assert piece.text == "one"
            go_on.set()
        assert server.outcome() is True


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"", ""),
        (sse(delta(1, "one")), "one"),
        (sse(delta(1, "one")) + b'data: {"sequence":2,"done"', "one"),
        (sse(delta(1, "one"), delta(3, "three"), done(4)), "one"),
        (sse(delta(1, "one"), done(2), delta(3, "more")), "one"),
        (sse(delta(1, "one")) + b"data: <html>\n\n", "one"),
        (sse(delta(1, "gr")) + b'data: {"a":"\xc3"}\n\n', "gr"),
    ],
)
@pytest.mark.parametrize("end", [True, False])
def test_what_is_no_whole_stream_is_broken_and_says_what_came(
    door: Door, body: bytes, text: str, *, end: bool
) -> None:
    def breaks(exchange: Exchange) -> None:
        exchange.stream(*([body] if body else []), end=end)
        exchange.hang_up()

    with http_server(breaks) as server:
        stream = stream_of(door, server.url)
        pieces: list[str] = []
        with pytest.raises(smartcall.StreamBroken) as caught:
            for piece in stream:
                pieces.append(piece.text)
        with pytest.raises(RuntimeError, match="no answer"):
            _ = stream.answer
        assert len(server.seen) == 1
    error = caught.value
    assert (error.text_so_far, error.request_id, error.retryable) == (text, "r-1", True)
    assert "".join(pieces) == text


def test_a_connection_that_ends_after_the_last_event_breaks_nothing(door: Door) -> None:
    def breaks(exchange: Exchange) -> None:
        exchange.stream(sse(delta(1, "one"), done(2)), end=False)
        exchange.hang_up()

    with http_server(breaks) as server:
        assert stream_of(door, server.url).read().text == "one"


def test_a_body_that_goes_on_after_the_last_event_is_not_waited_for(door: Door) -> None:
    def lingers(exchange: Exchange) -> bool:
        exchange.stream(sse(delta(1, "one"), done(2)), end=False)
        return exchange.hung_up()

    with http_server(lingers) as server:
        begin = time.monotonic()
        assert stream_of(door, server.url).read().text == "one"
        assert time.monotonic() - begin < 4
        assert server.outcome() is True


def test_an_error_event_is_the_error_of_the_stream(door: Door) -> None:
    error = {"code": 8, "message": "Dry.", "details": refusal(0, "NO_INK", retry="yes")["details"]}
    body = sse(delta(1, "one"), {"sequence": 2, "error": error})
    with http_server(lambda exchange: exchange.stream(body)) as server:
        with pytest.raises(smartcall.LimitReached) as caught:
            stream_of(door, server.url).read()
        assert len(server.seen) == 1
    assert (caught.value.reason, caught.value.text_so_far) == ("NO_INK", "one")
    assert caught.value.retryable


def test_a_stream_that_is_refused_before_it_begins_is_asked_for_again(door: Door) -> None:
    def refuse(exchange: Exchange) -> None:
        exchange.refuse(refusal(503, "AGENT_OVERLOADED", retry="yes", delay="0.01s"))

    with http_server(refuse, lambda exchange: exchange.stream(sse(done(1)))) as server:
        assert stream_of(door, server.url).read().text == ""
        assert len(server.seen) == 2


def test_an_answer_that_is_no_stream_is_an_error(door: Door) -> None:
    with http_server(lambda exchange: exchange.json(200, {"id": "c"})) as server:
        with pytest.raises(SmartCallError) as caught:
            stream_of(door, server.url).read()
    assert caught.value.reason == "BAD_ANSWER"


def holds(exchange: Exchange) -> bool:
    exchange.stream(sse(delta(1, "one")), end=False)
    return exchange.hung_up()


def test_who_leaves_the_loop_ends_the_call(door: Door) -> None:
    with http_server(holds) as server:
        stream = stream_of(door, server.url)
        for piece in stream:
            assert piece.text == "one"
            break
        assert server.outcome() is True
        assert stream.text == "one"
        with pytest.raises(RuntimeError, match="no answer"):
            stream.read()


def test_who_leaves_the_block_ends_the_call(door: Door) -> None:
    with http_server(holds) as server:
        with stream_of(door, server.url) as stream:
            pieces = iter(stream)
            assert next(pieces).text == "one"
        assert server.outcome() is True
        with pytest.raises(smartcall.Cancelled):
            next(pieces)


def test_a_stream_that_was_never_asked_for_is_closed_without_a_word(door: Door) -> None:
    with http_server(holds) as server:
        stream = stream_of(door, server.url)
        stream.close()
        with pytest.raises(smartcall.Cancelled):
            stream.read()
        assert server.seen == []


def test_a_piece_that_is_awaited_ends_when_the_stream_is_closed_elsewhere(door: Door) -> None:
    with http_server(holds) as server:
        stream = stream_of(door, server.url)
        begun = threading.Event()
        ended: list[BaseException] = []

        def read() -> None:
            try:
                for _ in stream:
                    begun.set()
            except SmartCallError as error:
                ended.append(error)

        thread = threading.Thread(target=read)
        thread.start()
        assert begun.wait(10)
        time.sleep(0.2)
        stream.close()
        thread.join(10)
        assert server.outcome() is True
    assert isinstance(ended[0], smartcall.Cancelled)
    assert ended[0].text_so_far == "one"


def test_a_stream_that_is_closed_before_its_answer_begins_gives_none(door: Door) -> None:
    asked, closed = threading.Event(), threading.Event()

    def late(exchange: Exchange) -> bool:
        asked.set()
        closed.wait(10)
        return holds(exchange)

    with http_server(late) as server:
        stream = stream_of(door, server.url)
        ended: list[BaseException] = []

        def read() -> None:
            try:
                stream.read()
            except SmartCallError as error:
                ended.append(error)

        thread = threading.Thread(target=read)
        thread.start()
        assert asked.wait(10)
        stream.close()
        closed.set()
        thread.join(10)
        assert server.outcome() is True
    assert isinstance(ended[0], smartcall.Cancelled)


@pytest.mark.parametrize("heartbeats", [False, True])
def test_a_stream_ends_at_its_deadline_with_what_came(door: Door, *, heartbeats: bool) -> None:
    def goes_on(exchange: Exchange) -> bool:
        exchange.stream(sse(delta(1, "one")), end=False)
        if heartbeats:
            for sequence in range(2, 200):
                exchange.chunk(sse({"sequence": sequence, "heartbeat": {}}))
                time.sleep(0.05)
        return exchange.hung_up()

    with http_server(goes_on) as server:
        begin = time.monotonic()
        with pytest.raises(smartcall.DeadlineExceeded) as caught:
            stream_of(door, server.url, timeout=0.5).read()
        assert 0.4 < time.monotonic() - begin < 4
    assert caught.value.text_so_far == "one"
