"""The cases that all SDKs share, against the running mesh: see sdk/cases.schema.json."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from doors import Door
from mesh import ROOT, Mesh

from smartcall import SmartCallError

CASES: list[dict[str, Any]] = json.loads((ROOT / "sdk/cases.json").read_text())["cases"]


def test_there_are_cases() -> None:
    assert len(CASES) > 30


def test_an_agent_that_was_told_no_deadline_was_not_told_a_short_one() -> None:
    wanted = {"calls": 1, "deadlineMsAtMost": 5}
    assert as_seen({"calls": 1, "deadlinesMs": [5]}, wanted)
    for told in ([], [6], [None, 5]):
        assert not as_seen({"calls": 1, "deadlinesMs": told}, wanted)


def test_an_agent_that_was_told_no_trace_was_not_told_the_right_one() -> None:
    wanted = {"calls": 1, "traceId": "a"}
    assert as_seen({"calls": 1, "traceIds": ["a", "a"]}, wanted)
    for told in ([], ["b"], ["a", "b"], [None]):
        assert not as_seen({"calls": 1, "traceIds": told}, wanted)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_shared_case(case: dict[str, Any], door: Door, mesh: Mesh) -> None:
    call_id = uuid4().hex
    said = json.loads(json.dumps(case).replace("{id}", call_id))
    asked = count()
    client = door(
        mesh.nobody if said["call"].get("url") == "nobody" else mesh.url,
        token=token_of(said.get("token", "user"), mesh, asked),
        verify=mesh.ca,
    )
    for each in said.get("first", []):
        outcome_of(client, each)
    begin = time.monotonic()
    times = said["call"].get("times", 1)
    with ThreadPoolExecutor(times) as pool:
        outcomes = list(pool.map(lambda _: outcome_of(client, said["call"]), range(times)))
    took = (time.monotonic() - begin) * 1000
    expect = said["expect"]
    for outcome in outcomes:
        compare(outcome, expect)
        if said["call"]["do"] in {"invoke", "stream"} and "error" not in expect:
            assert outcome["request_id"]
    times_asked = next(asked)
    assert times_asked == expect.get("tokenAsked", times_asked)
    assert took >= expect.get("tookMsAtLeast", 0)
    assert took <= expect.get("tookMsAtMost", took)
    if "agentSaw" in said:
        agent = "breaker" if said["call"].get("agent") == "breaker" else "scripted"
        witness = door(mesh.url, token=mesh.tokens["user"], verify=mesh.ca).agent(agent)
        await_sight(witness, call_id, said["agentSaw"])


def token_of(whose: str | list[str], mesh: Mesh, asked: Iterator[int]) -> str | Callable[[], str]:
    if isinstance(whose, str):
        return mesh.tokens[whose]
    return lambda: mesh.tokens[whose[min(next(asked), len(whose) - 1)]]


def outcome_of(client: Any, call: dict[str, Any]) -> dict[str, Any]:
    """What comes of a call: of what kind `expect` says what must hold."""
    options = options_of(call)
    name = call.get("agent", "scripted")
    agent = client.agent(name)
    try:
        match call["do"]:
            case "invoke":
                return answered(agent.invoke(call["ask"], **options))
            case "stream":
                return read(agent.stream(call["ask"], **options), call.get("cancelAfterPieces"))
            case "agents":
                return {"agents": [each.name for each in client.agents(**options)]}
            case "agent":
                return {"agent": agent.describe(**options)}
            case _:
                return conversed(agent, call["conversations"], options)
    except SmartCallError as error:
        return {"error": error}


def options_of(call: dict[str, Any]) -> dict[str, Any]:
    options = dict(call.get("options", {}))
    if "timeoutMs" in options:
        options["timeout"] = options.pop("timeoutMs") / 1000
    return options


def answered(answer: Any) -> dict[str, Any]:
    usage = {
        "inputTokens": answer.usage.input_tokens,
        "outputTokens": answer.usage.output_tokens,
    }
    return {
        "text": answer.text,
        "finishReason": answer.finish_reason,
        "usage": usage,
        "request_id": answer.request_id,
    }


def read(stream: Any, leave_after: int | None) -> dict[str, Any]:
    pieces: list[str] = []
    try:
        for piece in stream:
            pieces.append(piece.text)
            if len(pieces) == leave_after:
                break
    except SmartCallError as error:
        return {"pieces": pieces, "error": error}
    if leave_after is not None:
        return {"pieces": pieces, "request_id": stream.request_id}
    return {"pieces": pieces, **answered(stream.answer)}


def conversed(
    agent: Any, conversations: list[list[Any]], options: dict[str, Any]
) -> dict[str, Any]:
    def turns(socket: Any, asks: list[Any]) -> list[dict[str, Any]]:
        conversation = socket.conversation()
        outcomes = []
        for turn in asks:
            ask = turn if isinstance(turn, str) else turn["ask"]
            leave_after = None if isinstance(turn, str) else turn["cancelAfterPieces"]
            outcomes.append(read(conversation.ask(ask, **options), leave_after))
        return outcomes

    with agent.converse() as socket, ThreadPoolExecutor(len(conversations)) as pool:
        return {"conversations": list(pool.map(lambda each: turns(socket, each), conversations))}


def compare(outcome: dict[str, Any], expect: dict[str, Any]) -> None:
    error = outcome.get("error")
    if "error" not in expect and error is not None:
        raise error
    for key, wanted in expect.items():
        if key == "error":
            compare_error(error, wanted)
        elif key == "text" and isinstance(wanted, dict):
            assert outcome[key] == wanted["repeat"] * wanted["times"] + wanted["then"]
        elif key == "agent":
            compare_agent(outcome[key], wanted)
        elif key == "conversations":
            for turns, wanted_turns in zip(outcome[key], wanted, strict=True):
                for turn, wanted_turn in zip(turns, wanted_turns, strict=True):
                    compare(turn, wanted_turn)
        elif key not in {"tokenAsked", "tookMsAtLeast", "tookMsAtMost"}:
            assert outcome[key] == wanted, key


def compare_error(error: SmartCallError | None, wanted: dict[str, Any]) -> None:
    assert error is not None, "it did not fail"
    assert error.request_id or not error.details, "what the mesh told has no request id"
    after = 0.0 if error.retry_after is None else error.retry_after * 1000
    found = {
        "kind": type(error).__name__,
        "reason": error.reason,
        "status": error.status,
        "retryable": error.retryable,
        "textSoFar": error.text_so_far,
        "fields": [each.field for each in error.fields],
    }
    for key, value in wanted.items():
        if key == "message":
            assert value in error.message
        elif key == "retryAfterMsAtLeast":
            assert after >= value
        else:
            assert found[key] == value, key


def compare_agent(agent: Any, wanted: dict[str, Any]) -> None:
    found = {
        "name": agent.name,
        "description": agent.description,
        "health": agent.health,
        "methods": list(agent.capabilities.methods),
    }
    assert {key: found[key] for key in wanted} == wanted


def await_sight(witness: Any, call_id: str, wanted: dict[str, Any]) -> None:
    """Ask the agent what it saw, until it is as expected, for some seconds."""
    end = time.monotonic() + 5
    while True:
        saw = json.loads(witness.invoke(f"saw {call_id}").text)
        if as_seen(saw, wanted):
            return
        assert time.monotonic() < end, f"the agent saw {saw}, and not {wanted}"
        time.sleep(0.1)


def as_seen(saw: dict[str, Any], wanted: dict[str, Any]) -> bool:
    most = wanted.get("deadlineMsAtMost")
    trace = wanted.get("traceId")
    deadlines = saw.get("deadlinesMs", [])
    timely = [isinstance(each, int) and each <= (most or 0) for each in deadlines]
    return (
        saw["calls"] == wanted["calls"]
        and saw.get("stopped", 0) == wanted.get("stopped", saw.get("stopped", 0))
        and (most is None or (timely != [] and all(timely)))
        and (trace is None or set(saw["traceIds"]) == {trace})
    )
