"""The token of an open WebSocket: renewed, refused, shown again."""

from __future__ import annotations

import time
from typing import Any

import pytest
from doors import Door
from gateway_words import delta, done, refusal
from manual_time import ManualTime
from socket_servers import Talk, socket_server


def test_a_token_is_renewed_in_band_before_it_ends(door: Door) -> None:
    now = ManualTime(passed=time.time() - 1e9)
    first, second, third = (now.jwt(life, str(life)) for life in (2, 1000, 2000))
    given = [first, second]

    def renews(talk: Talk) -> Any:
        talk.ready()
        renewal = talk.hear()
        talk.say(type="token", expires="…")
        name = talk.hear()["conversation"]
        talk.events(name, done(1))
        talk.closed()
        return renewal

    with socket_server(renews) as server:
        client = door(server.url, token=lambda: given.pop(0) if given else third)
        with client.agent("echo").converse() as socket:
            time.sleep(2)
            assert socket.conversation().ask("x").read().text == ""
        assert server.outcome() == {"type": "token", "token": second}
    assert server.upgrades[0]["authorization"] == f"Bearer {first}"


def test_a_token_that_does_not_come_is_asked_for_again_and_breaks_nothing(
    door: Door, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartcall._renewal._AGAIN", 0.1)
    now = ManualTime(passed=time.time() - 1e9)
    first, second = now.jwt(1, "1"), now.jwt(1000, "2")
    asked: list[int] = []

    def provider() -> str:
        asked.append(1)
        if len(asked) == 2:
            raise LookupError("the login is down")
        return first if len(asked) < 4 else second

    def renews(talk: Talk) -> Any:
        talk.ready()
        renewal = talk.hear()
        talk.say(type="refused", error=refusal(401, "TOKEN_NOT_ACCEPTED"))
        talk.events(talk.hear()["conversation"], done(1))
        talk.closed()
        return renewal["token"]

    with socket_server(renews) as server:
        with door(server.url, token=provider).agent("echo").converse() as socket:
            end = time.monotonic() + 10
            while len(asked) < 4 and time.monotonic() < end:
                time.sleep(0.05)
            assert socket.conversation().ask("x").read().text == ""
        assert server.outcome() == second
    assert "the login is down" in caplog.text
    assert first not in caplog.text


def test_a_token_that_the_gateway_cannot_judge_at_present_is_shown_again(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartcall._renewal._AGAIN", 0.1)
    now = ManualTime(passed=time.time() - 1e9)
    given = iter([now.jwt(1, "1"), second := now.jwt(1000, "2")])

    def renews(talk: Talk) -> Any:
        talk.ready()
        shown = [talk.hear()]
        talk.say(type="refused", error=refusal(503, "AGENT_UNAVAILABLE"))
        shown.append(talk.hear())
        talk.say(type="token", expires="…")
        return shown

    with socket_server(renews) as server:
        with door(server.url, token=lambda: next(given)).agent("echo").converse():
            assert server.outcome() == [{"type": "token", "token": second}] * 2


def test_a_turn_whose_token_is_refused_is_asked_again_with_the_next(door: Door) -> None:
    tokens = iter(["old", "new"])

    def checks(talk: Talk) -> Any:
        talk.ready()
        name = talk.hear()["conversation"]
        talk.say(type="refused", conversation=name, error=refusal(401, "TOKEN_EXPIRED"))
        renewal = talk.hear()
        talk.say(type="token", expires="…")
        talk.hear()
        talk.events(name, delta(1, "one"), done(2))
        talk.closed()
        return renewal

    with socket_server(checks) as server:
        with door(server.url, token=lambda: next(tokens)).agent("echo").converse() as socket:
            assert socket.conversation().ask("x").read().text == "one"
        assert server.outcome() == {"type": "token", "token": "new"}


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


def test_a_refusal_without_a_conversation_is_no_turns(door: Door) -> None:
    def refuses(talk: Talk) -> None:
        talk.ready()
        name = talk.hear()["conversation"]
        talk.say(type="refused", error=refusal(400, "INVALID_REQUEST"))
        talk.events(name, delta(1, "one"), done(2))
        talk.closed()

    with socket_server(refuses) as server, door(server.url).agent("echo").converse() as socket:
        assert socket.conversation().ask("x").read().text == "one"
