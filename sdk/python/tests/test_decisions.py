from __future__ import annotations

import base64
import json
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import pytest

from smartcall import Client, SmartCallError, _ask, _retry
from smartcall._clock import Clock, Deadline
from smartcall._io import run
from smartcall._own_errors import TooLate
from smartcall._sync_io import SyncShared
from smartcall._tokens import Token, Tokens, expiry_of
from smartcall.answers import read_agent, read_answer


def wait_before(
    error: SmartCallError,
    *,
    tries: int,
    retries: int,
    left: float | None,
    chance: float,
    idempotent: bool = False,
) -> float | None:
    return _retry.wait_before(
        error, tries=tries, retries=retries, left=left, chance=chance, idempotent=idempotent
    )


def failed(*, retryable: bool = True, retry_after: float | None = None) -> SmartCallError:
    return SmartCallError("No.", retryable=retryable, retry_after=retry_after)


def test_a_wait_is_that_of_the_refusal_and_a_little_more() -> None:
    error = failed(retry_after=10)
    assert wait_before(error, tries=0, retries=1, left=None, chance=0) == 10
    assert wait_before(error, tries=0, retries=1, left=None, chance=1) == 11


def test_a_wait_that_nobody_said_doubles_up_to_a_bound_with_full_jitter() -> None:
    waits = [
        wait_before(failed(), tries=tries, retries=9, left=None, chance=1) for tries in range(8)
    ]
    assert waits == [0.2, 0.4, 0.8, 1.6, 3.2, 5, 5, 5]
    assert wait_before(failed(), tries=3, retries=9, left=None, chance=0) == 0


def test_nothing_is_made_again_that_would_not_help() -> None:
    assert wait_before(failed(retryable=False), tries=0, retries=2, left=None, chance=0) is None
    assert wait_before(failed(), tries=2, retries=2, left=None, chance=0) is None
    late = failed(retry_after=61)
    assert wait_before(late, tries=0, retries=2, left=None, chance=0) is None
    soon = failed(retry_after=3)
    assert wait_before(soon, tries=0, retries=2, left=3, chance=0) is None
    assert wait_before(soon, tries=0, retries=2, left=3.1, chance=0) == 3


@pytest.mark.parametrize("reason", ["AGENT_UNAVAILABLE", "STREAM_BROKEN"])
def test_what_the_agent_may_have_begun_is_made_again_only_where_it_may_be_done_twice(
    reason: str,
) -> None:
    error = SmartCallError("No.", reason=reason, retryable=True)
    for idempotent, wait in [(False, None), (True, 0)]:
        found = wait_before(error, tries=0, retries=2, left=None, chance=0, idempotent=idempotent)
        assert found == wait


@dataclass
class ManualTime:
    """A clock that stands until it is set."""

    passed: float = 1000.0

    def clock(self, *, skew: float = 0.0) -> Clock:
        return Clock(
            now=lambda: self.passed, wall=lambda: self.passed + 1e9 + skew, chance=lambda: 0.0
        )

    def jwt(self, seconds: float, name: str = "") -> str:
        claims = json.dumps({"exp": self.passed + 1e9 + seconds, "jti": name}).encode()
        return f"e30.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.sig"


class FakeIo:
    """As much of a way to wait as tokens need."""

    def shared(self, work: Callable[[], str], keep: Callable[[str], Token]) -> SyncShared[Token]:
        return SyncShared(work, keep)


def tokens_of(clock: Clock, given: Any) -> Tokens:
    io: Any = FakeIo()
    return Tokens(io, clock, given)


def test_a_token_is_kept_until_shortly_before_it_ends() -> None:
    time = ManualTime()
    given: list[str] = []

    def provider() -> str:
        given.append(time.jwt(300, str(len(given))))
        return given[-1] + "\n"

    tokens = tokens_of(time.clock(), provider)
    forever = Deadline(Clock(), None)
    for passed, asked in [(0, 1), (269, 1), (2, 2), (200, 2), (70, 3)]:
        time.passed += passed
        token = run(tokens.current(forever))
        assert token is not None
        assert (token.text, len(given)) == (given[-1], asked)


def test_a_token_of_a_short_life_is_used_for_four_fifths_of_it() -> None:
    time = ManualTime()
    asked: list[int] = []

    def provider() -> str:
        asked.append(1)
        return time.jwt(10, str(len(asked)))

    tokens = tokens_of(time.clock(), provider)
    forever = Deadline(Clock(), None)
    for passed, count in [(0, 1), (7.9, 1), (0.2, 2)]:
        time.passed += passed
        run(tokens.current(forever))
        assert len(asked) == count


def test_a_token_that_seems_to_have_ended_is_used_until_it_is_refused() -> None:
    """The clock of this machine may be wrong, and the gateway's counts."""
    time = ManualTime()
    asked: list[int] = []

    def provider() -> str:
        asked.append(1)
        return time.jwt(60, str(len(asked)))

    tokens = tokens_of(time.clock(skew=3600), provider)
    forever = Deadline(Clock(), None)
    for _ in range(3):
        token = run(tokens.current(forever))
    assert len(asked) == 1
    assert token is not None
    other = run(tokens.after(token, forever))
    assert other is not None
    assert other.text != token.text
    # Who had the first refused too finds that there is another by now.
    assert run(tokens.after(token, forever)) == other
    assert len(asked) == 2


def test_what_gives_no_other_token_is_not_asked_without_end() -> None:
    forever = Deadline(Clock(), None)
    static = tokens_of(Clock(), "one")
    token = run(static.current(forever))
    assert token is not None
    assert run(static.after(token, forever)) is None
    assert run(static.renewed(token, forever)) is None
    none = tokens_of(Clock(), None)
    assert run(none.current(forever)) is None
    same = tokens_of(Clock(), lambda: "one")
    token = run(same.current(forever))
    assert token is not None
    assert run(same.after(token, forever)) is None


@pytest.mark.parametrize("claims", ['{"exp":"x"}', '{"exp":true}', "{}", "[]", "no", '{"exp":NaN}'])
def test_a_token_without_an_end_has_none(claims: str) -> None:
    assert expiry_of(f"e30.{base64.urlsafe_b64encode(claims.encode()).decode()}.s") is None
    assert expiry_of("opaque") is None
    assert expiry_of("a.é.c") is None
    assert expiry_of("a.b.c") is None


@pytest.mark.parametrize("token", ["", "two words", "a\nb", "tökén"])
def test_what_cannot_be_a_token_is_a_mistake_and_is_not_shown(token: str) -> None:
    with pytest.raises(ValueError, match="A token is one word") as caught:
        Client("https://gateway", token=token)
    assert not token or token not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["", "localhost:8443", "ftp://gateway", "https://", "https://gateway?x=1"]
)
def test_what_cannot_be_a_gateway_is_a_mistake(url: str) -> None:
    with pytest.raises(ValueError, match="`url` is the gateway's"):
        Client(url)


@pytest.mark.parametrize(
    "options",
    [
        {"timeout": 0},
        {"timeout": -1},
        {"timeout": float("nan")},
        {"timeout": float("inf")},
        {"timeout": 1e10},
        {"retries": -1},
        {"headers": {"a b": "c"}},
        {"headers": {"a": "b\r\nc: d"}},
        {"traceparent": "00-zz"},
    ],
)
def test_an_option_that_cannot_be_is_a_mistake_before_anything_is_sent(
    options: dict[str, Any],
) -> None:
    with Client("https://gateway") as client:
        agent: Any = client.agent("echo")
        for call in (agent.invoke, agent.stream, agent.describe, agent.converse):
            arguments = ["Hello"] if call in (agent.invoke, agent.stream) else []
            with pytest.raises(ValueError, match=next(iter(options))):
                call(*arguments, **options)


def test_what_is_asked_is_a_text_or_a_request() -> None:
    assert json.loads(_ask.body_of("Hello")) == {"messages": [{"role": "user", "content": "Hello"}]}
    message = {"role": "user", "content": "ü"}
    request = {"messages": [message], "max_tokens": 3, "newer": [1]}
    assert json.loads(_ask.body_of(request)) == request
    turn = json.loads(_ask.turn_of(request, "c", 250))
    assert turn == {
        "type": "turn",
        "conversation": "c",
        "message": message,
        "max_tokens": 3,
        "newer": [1],
        "timeoutMs": 250,
    }
    number: Any = 7
    with pytest.raises(TypeError, match="a text, or a mapping"):
        _ask.body_of(number)
    with pytest.raises(ValueError, match="cannot be said in JSON"):
        _ask.body_of({"messages": {1, 2}})
    with pytest.raises(ValueError, match="cannot be said in JSON"):
        _ask.body_of({"temperature": float("nan")})
    for messages in ([], [1, 2], None):
        with pytest.raises(ValueError, match="exactly one message"):
            _ask.turn_of({"messages": messages}, "c", None)


def test_an_answer_in_parts_has_the_text_of_its_parts() -> None:
    call = {"toolCall": {"id": "1", "name": "search"}}
    message = {"role": "assistant", "parts": [{"text": "one "}, call, {"text": "two"}]}
    answer = read_answer({"id": "c", "message": message, "finishReason": "tool_calls"}, "r")
    assert (answer.text, answer.finish_reason, answer.message) == ("one two", "tool_calls", message)
    bare = read_answer({}, "")
    assert (bare.text, bare.usage.input_tokens, bare.call_id) == ("", 0, "")


def test_an_agent_may_have_methods_and_models_of_its_own() -> None:
    own = {"grpc": "/acme.Weather/Forecast", "rest": "/v1/x", "serverStreams": True}
    capabilities = {"methods": ["invoke", 7], "ownMethods": [own], "models": ["small"]}
    agent = read_agent({"name": "weather", "versions": ["1"], "capabilities": capabilities})
    assert agent.capabilities.methods == ("invoke",)
    method = agent.capabilities.own_methods[0]
    assert (method.grpc, method.server_streams, method.client_streams) == (own["grpc"], True, False)
    assert (agent.versions, agent.capabilities.models, agent.health) == (("1",), ("small",), "")


def test_a_deadline_tells_what_is_left_and_then_that_it_is_over() -> None:
    time = ManualTime()
    deadline = Deadline(time.clock(), 0.5)
    assert deadline.left_ms() == 500
    time.passed += 0.4999
    assert deadline.left_ms() == 1
    time.passed += 1
    with pytest.raises(TooLate):
        deadline.left()
    assert Deadline(time.clock(), None).left_ms() is None


def test_what_never_gives_way_is_played_to_its_end_and_nothing_else() -> None:
    class Gives:
        def __await__(self) -> Generator[None, None, None]:
            yield

    async def gives_way() -> None:
        await Gives()

    with pytest.raises(RuntimeError, match="gave way"):
        run(gives_way())


def test_who_comes_just_after_a_refresh_takes_what_it_gave() -> None:
    """Between its look at what is kept and its turn, another thread may have ended."""
    asked: list[int] = []

    def provider() -> str:
        asked.append(1)
        return "t"

    shared = SyncShared(provider, lambda text: text)
    forever = Deadline(Clock(), None)
    assert run(shared.result(forever, lambda: "kept")) == "kept"
    assert asked == []
    assert run(shared.result(forever, lambda: None)) == "t"
    assert asked == [1]
