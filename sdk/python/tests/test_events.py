from __future__ import annotations

import re

import pytest

from smartcall._answering import Answering
from smartcall._events import _LINE_END, LONGEST, BadEvent, EventReader
from smartcall.errors import LimitReached, StreamBroken

STREAM = (
    b': a comment\r\ndata: {"text":\r\ndata: "gr\xc3\xbc\xc3\x9f \xf0\x9f\x99\x82"}\r\n\r\n'
    b'event: x\nid: 7\ndata:{"n":2}\n\n\n\ndata: {"n":3}\r\rdata: {"n":4}\n\ndata: {"half'
)
EVENTS = [{"text": "grüß 🙂"}, {"n": 2}, {"n": 3}, {"n": 4}]


def read_all(*chunks: bytes) -> list[object]:
    reader = EventReader()
    events: list[object] = []
    for chunk in chunks:
        reader.feed(chunk)
        while (event := reader.next()) is not None:
            events.append(event)
    return events


def test_events_are_the_same_wherever_their_bytes_are_cut() -> None:
    assert read_all(STREAM) == EVENTS
    assert read_all(*(bytes([byte]) for byte in STREAM)) == EVENTS
    for at in range(len(STREAM)):
        assert read_all(STREAM[:at], STREAM[at:]) == EVENTS


def test_a_large_event_that_comes_in_small_chunks_is_looked_through_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[int] = []

    class Counts:
        def search(self, text: bytearray, begin: int) -> re.Match[bytes] | None:
            found = _LINE_END.search(text, begin)
            looked.append((len(text) if found is None else found.end()) - begin)
            return found

    monkeypatch.setattr("smartcall._events._LINE_END", Counts())
    event = b'data: {"text":"' + b"x" * 1_000_000 + b'"}\n\n'
    chunks = [event[at : at + 1000] for at in range(0, len(event), 1000)] * 2
    assert read_all(*chunks) == [{"text": "x" * 1_000_000}] * 2
    assert sum(looked) < 3 * len(event)


@pytest.mark.parametrize("data", [b"no JSON", b"[1]", b'"text"', b'{"a":"\xff"}', b"[" * 100_000])
def test_an_event_that_is_no_json_object_is_told_after_those_before_it(data: bytes) -> None:
    reader = EventReader()
    reader.feed(b'data: {"n":1}\n\ndata: ' + data + b"\n\n")
    assert reader.next() == {"n": 1}
    with pytest.raises(BadEvent, match="no JSON object"):
        reader.next()


def test_an_event_without_an_end_is_not_gathered_for_ever() -> None:
    reader = EventReader()
    reader.feed(b"data: " + b"x" * LONGEST)
    with pytest.raises(BadEvent, match="more than"):
        reader.next()


def test_an_answer_is_what_its_pieces_make() -> None:
    answering = Answering()
    answering.request_id = "r"
    taken = [
        answering.take({"sequence": 1, "callId": "c", "delta": {"content": "one "}}),
        answering.take({"sequence": 2, "heartbeat": {}}),
        answering.take({"sequence": 3, "something": {"newer": True}}),
        answering.take({"sequence": 4, "delta": {"content": "two"}, "more": 1}),
        answering.take({"sequence": 5, "done": {"finishReason": "newer"}}),
    ]
    assert [piece.text for piece in taken if piece is not None] == ["one ", "two"]
    answer = answering.answer
    assert answer is not None
    assert (answer.text, answer.call_id, answer.request_id) == ("one two", "c", "r")
    assert answer.message == {"role": "assistant", "content": "one two"}
    assert (answer.finish_reason, answer.usage.output_tokens) == ("newer", 0)


@pytest.mark.parametrize("sequence", [1, 3, None, "2", 0])
def test_a_gap_or_a_repeat_is_a_broken_stream(sequence: object) -> None:
    answering = Answering()
    answering.take({"sequence": 1, "delta": {"content": "one"}})
    with pytest.raises(StreamBroken, match="event 2 is missing") as caught:
        answering.take({"sequence": sequence, "delta": {"content": "two"}})
    assert caught.value.text_so_far == "one"
    assert caught.value.retryable


def test_nothing_comes_after_the_last_event() -> None:
    answering = Answering()
    answering.take({"sequence": 1, "done": {}})
    with pytest.raises(StreamBroken, match="after the last one"):
        answering.take({"sequence": 2, "heartbeat": {}})
    assert answering.answer is None


def test_an_error_event_has_the_text_before_it_and_its_code_is_of_grpc() -> None:
    answering = Answering()
    answering.request_id = "r"
    answering.take({"sequence": 1, "delta": {"content": "one"}})
    with pytest.raises(LimitReached) as caught:
        answering.take({"sequence": 2, "error": {"code": 8, "message": "The ink is dry."}})
    error = caught.value
    assert (error.status, error.text_so_far, error.request_id) == (429, "one", "r")
    assert error.message == "The ink is dry."
