"""Conversations and their turns."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from doors import Door
from gateway_words import ERROR_INFO, delta, done, refusal
from socket_servers import Talk, echo, socket_server

import smartcall


def test_a_conversation_has_turns_whose_answers_are_streams(door: Door) -> None:
    with socket_server(echo) as server:
        client = door(server.url, token="t-1", headers={"x-few": "yes"})
        with client.agent("echo").converse() as socket:
            conversation = socket.conversation()
            stream = conversation.ask("one", timeout=5)
            assert [piece.text for piece in stream] == ["one"]
            assert stream.answer.usage.output_tokens == 2
            request = {"messages": [{"role": "user", "content": "two"}], "temperature": 0}
            assert conversation.ask(request).read().text == "two"
            assert socket.conversation().ask("three").read().text == "three"
            assert socket.conversation("mine").ask("four").read().text == "four"
            conversation.end()
            assert not socket.closed
        assert socket.closed
        assert socket.error is None
    (talk,) = server.talks
    assert (talk.path, talk.headers["authorization"]) == ("/v1/agents/echo:converse", "Bearer t-1")
    assert talk.headers["x-few"] == "yes"
    assert talk.headers["user-agent"].startswith("smartcall-python/")
    turns = [frame for frame in talk.said if frame["type"] == "turn"]
    assert [turn["conversation"] for turn in turns] == [
        "conversation-1",
        "conversation-1",
        "conversation-2",
        "mine",
    ]
    assert 4000 < turns[0]["timeoutMs"] <= 5000
    assert turns[1]["temperature"] == 0
    assert "timeoutMs" not in turns[1]


def test_turns_of_several_conversations_come_mixed(door: Door) -> None:
    def mixes(talk: Talk) -> None:
        talk.ready()
        names = [talk.hear()["conversation"] for _ in range(3)]
        for name in names:
            talk.events(name, delta(1, f"{name} "))
        for name in reversed(names):
            talk.events(name, {"sequence": 2, "heartbeat": {}}, delta(3, name), done(4))
        talk.closed()

    with socket_server(mixes) as server, door(server.url).agent("echo").converse() as socket:
        names = ["a", "b", "c"]
        with ThreadPoolExecutor(3) as pool:
            texts = list(
                pool.map(lambda name: socket.conversation(name).ask("x").read().text, names)
            )
    assert texts == ["a a", "b b", "c c"]


def test_a_turn_may_be_refused_and_asked_again_where_that_may_help(door: Door) -> None:
    def refuses(talk: Talk) -> None:
        talk.ready()
        name = talk.hear()["conversation"]
        later = refusal(429, "RATE_LIMITED", retry="yes", delay="0.01s")
        talk.say(type="refused", conversation=name, error=later)
        talk.hear()
        talk.events(name, delta(1, "one"), done(2))
        talk.hear()
        talk.say(type="refused", conversation=name, error=refusal(429, "BUDGET_SPENT"))
        talk.closed()

    with socket_server(refuses) as server, door(server.url).agent("echo").converse() as socket:
        conversation = socket.conversation()
        assert conversation.ask("x").read().text == "one"
        with pytest.raises(smartcall.BudgetSpent) as caught:
            conversation.ask("x").read()
        assert caught.value.request_id == "r-1"


def test_a_turn_that_fails_leaves_the_conversation_open(door: Door) -> None:
    def fails(talk: Talk) -> None:
        talk.ready()
        name = talk.hear()["conversation"]
        info = {"@type": ERROR_INFO, "reason": "STREAM_BROKEN", "metadata": {"retry": "yes"}}
        error = {"code": 14, "message": "It broke off.", "details": [info]}
        talk.events(name, delta(1, "one"), {"sequence": 2, "error": error})
        talk.hear()
        talk.events(name, done(1))
        talk.closed()

    with socket_server(fails) as server, door(server.url).agent("echo").converse() as socket:
        conversation = socket.conversation()
        with pytest.raises(smartcall.StreamBroken) as caught:
            conversation.ask("x").read()
        assert caught.value.text_so_far == "one"
        assert conversation.ask("y").read().text == ""


def test_one_turn_runs_at_a_time_and_who_leaves_it_may_ask_the_next(door: Door) -> None:
    def turns(talk: Talk) -> Any:
        talk.ready()
        name = talk.hear()["conversation"]
        talk.events(name, delta(1, "one"))
        cancel = talk.hear()
        turn = talk.hear()
        # What the first turn still said comes before all that the second says.
        talk.events(name, delta(2, "late"), {"sequence": 3, "error": {"code": 1}})
        talk.events(name, delta(1, "two"), done(2))
        talk.closed()
        return cancel["type"], turn["message"]["content"]

    with socket_server(turns) as server:
        with door(server.url).agent("echo").converse() as socket:
            conversation = socket.conversation()
            for piece in conversation.ask("first"):
                assert piece.text == "one"
                with pytest.raises(smartcall.InvalidRequest) as caught:
                    conversation.ask("too early").read()
                assert (caught.value.reason, caught.value.status) == ("TURN_RUNNING", 409)
                break
            assert conversation.ask("second").read().text == "two"
        assert server.outcome() == ("cancel", "second")


@pytest.mark.parametrize("begun", [False, True])
def test_a_turn_ends_at_its_deadline_and_is_cancelled(door: Door, *, begun: bool) -> None:
    def holds(talk: Talk) -> Any:
        talk.ready()
        name = talk.hear()["conversation"]
        if begun:
            talk.events(name, delta(1, "one"))
        return talk.hear()["type"]

    with socket_server(holds) as server, door(server.url).agent("echo").converse() as socket:
        begin = time.monotonic()
        with pytest.raises(smartcall.DeadlineExceeded) as caught:
            socket.conversation().ask("x", timeout=0.4).read()
        assert 0.3 < time.monotonic() - begin < 4
        assert server.outcome() == "cancel"
    assert caught.value.text_so_far == ("one" if begun else "")


def test_a_turn_that_is_closed_elsewhere_is_cancelled(door: Door) -> None:
    def holds(talk: Talk) -> Any:
        talk.ready()
        talk.events(talk.hear()["conversation"], delta(1, "one"))
        return talk.hear()["type"]

    with socket_server(holds) as server, door(server.url).agent("echo").converse() as socket:
        stream = socket.conversation().ask("x")
        pieces = iter(stream)
        assert next(pieces).text == "one"
        closing = threading.Timer(0.2, stream.close)
        closing.start()
        with pytest.raises(smartcall.Cancelled):
            next(pieces)
        closing.join()
        assert server.outcome() == "cancel"


def test_frames_that_nobody_awaits_are_skipped(door: Door) -> None:
    def babbles(talk: Talk) -> None:
        talk.ready()
        name = talk.hear()["conversation"]
        talk.events("another", delta(1, "lost"), done(2))
        talk.say(type="refused", conversation="another", error={})
        talk.events(name, delta(1, "one"), done(2))
        talk.closed()

    with socket_server(babbles) as server, door(server.url).agent("echo").converse() as socket:
        assert socket.conversation().ask("x").read().text == "one"


@pytest.mark.parametrize("name", ["", "x" * 65, "\U0001f600" * 33])
def test_a_name_that_the_gateway_would_not_take_names_no_conversation(
    door: Door, name: str
) -> None:
    socket = door("http://127.0.0.1:1").agent("echo").converse()
    with pytest.raises(ValueError, match="1 to 64 characters"):
        socket.conversation(name)
    assert socket.conversation("\U0001f600" * 32).name


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


def test_a_turn_takes_nothing_that_its_socket_has(door: Door) -> None:
    conversation = door("http://127.0.0.1:1").agent("echo").converse().conversation()
    for option in ("traceparent", "headers", "timeuot"):
        with pytest.raises(TypeError, match=f"no `{option}`"):
            conversation.ask("x", **{option: None})


def test_a_piece_that_says_nothing_is_none(door: Door) -> None:
    def says_little(talk: Talk) -> None:
        talk.ready()
        talk.events(talk.hear()["conversation"], delta(1, ""), delta(2, "one"), done(3))
        talk.closed()

    with socket_server(says_little) as server, door(server.url).agent("echo").converse() as socket:
        pieces = list(socket.conversation().ask("x"))
        assert [piece.text for piece in pieces] == ["one"]
