from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from doors import Door
from servers import ERROR_INFO, Talk, delta, done, refusal, socket_server
from test_decisions import ManualTime
from websockets.datastructures import Headers
from websockets.http11 import Response

import smartcall
from smartcall import SmartCallError


def refused(inner: dict[str, Any]) -> Response:
    """An upgrade that is answered by HTTP."""
    body = json.dumps({"error": inner}).encode()
    headers = Headers({"content-length": str(len(body)), "content-type": "application/json"})
    return Response(inner["code"], "X", headers, body)


def echo(talk: Talk) -> None:
    """Answers each turn with its text."""
    talk.ready()
    while True:
        frame = talk.hear()
        if frame["type"] == "turn":
            text = frame["message"]["content"]
            talk.say(type="pong")
            talk.say(type="something newer")
            talk.events(frame["conversation"], delta(1, text), done(2))


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
