"""How long a token is used, and when another is asked for."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from manual_time import ManualTime

from smartcall import Client
from smartcall._clock import Clock, Deadline
from smartcall._io import run
from smartcall._sync_io import SyncShared
from smartcall._tokens import Token, Tokens, expiry_of


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
