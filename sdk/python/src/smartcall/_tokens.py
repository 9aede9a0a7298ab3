"""The caller's token: kept while it is good, asked for anew before it ends and once after a 401."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from smartcall._clock import Clock, Deadline
from smartcall._io import Io, Shared
from smartcall._json import parse_object
from smartcall._options import check_token

_SOONEST = 30.0
"""Seconds before its end, at most, from which a token is not used any more."""
_SHARE = 5
"""A token of short life is used for all but the last fifth of it."""
_FAR = 1e12
"""No time is so far away: in seconds since 1970."""

Given = str | Callable[[], str | Awaitable[str]] | None
"""A token, a provider of tokens, or neither."""


@dataclass(frozen=True)
class Token:
    """A token, and until when it is used, by the clock that only grows."""

    text: str
    good_until: float | None


class Tokens:
    """Gives the token of each call."""

    def __init__(self, io: Io, clock: Clock, given: Given) -> None:
        """Take a token, a provider of tokens, or neither. Raises ValueError where it is none."""
        self._clock = clock
        self._provider: Shared[Token] | None = None
        self._kept: Token | None = None
        if isinstance(given, str):
            self._kept = Token(check_token(given), None)
        elif given is not None:
            self._provider = io.shared(given, self._keep)

    async def current(self, deadline: Deadline) -> Token | None:
        """Give the token to use; raises what the provider raises."""
        return await self._get(deadline, self._fresh)

    async def after(self, refused: Token, deadline: Deadline) -> Token | None:
        """Give another than the one that was refused; none where there is no other."""

        def other() -> Token | None:
            kept = self._kept
            return None if kept is None or kept.text == refused.text else kept

        token = await self._get(deadline, other)
        return None if token is None or token.text == refused.text else token

    async def renewed(self, before: Token, deadline: Deadline) -> Token | None:
        """Give the next of a token that is about to end."""

        def other() -> Token | None:
            fresh = self._fresh()
            return None if fresh is None or fresh.text == before.text else fresh

        return await self._get(deadline, other)

    async def _get(self, deadline: Deadline, enough: Callable[[], Token | None]) -> Token | None:
        there = enough()
        if there is not None or self._provider is None:
            return there
        return await self._provider.result(deadline, enough)

    def _fresh(self) -> Token | None:
        kept = self._kept
        if kept is None or kept.good_until is None or self._clock.now() < kept.good_until:
            return kept
        return None

    def _keep(self, given: str) -> Token:
        text = check_token(given)
        kept = self._kept
        if kept is None or kept.text != text:
            kept = self._kept = Token(text, self._good_until(text))
        return kept

    def _good_until(self, text: str) -> float | None:
        """By the token's own word; one that seems to have ended is used until it is refused."""
        expires = expiry_of(text)
        left = None if expires is None else expires - self._clock.wall()
        if left is None or left <= 0:
            return None
        return self._clock.now() + left - min(_SOONEST, left / _SHARE)


def expiry_of(token: str) -> float | None:
    """Read when a JWT ends, in seconds since 1970; none where it is no JWT, or never ends."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        text = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
    except (binascii.Error, ValueError):
        return None
    expires = (parse_object(text) or {}).get("exp")
    if isinstance(expires, bool) or not isinstance(expires, (int, float)):
        return None
    return float(expires) if 0 < expires < _FAR else None
