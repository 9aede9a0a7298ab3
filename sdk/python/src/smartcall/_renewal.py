"""Renews the token of an open WebSocket, before it ends or where another is there."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from smartcall._caller import Caller
from smartcall._clock import Deadline
from smartcall._json import JsonObject
from smartcall._tokens import Token

_AGAIN = 5.0
"""Seconds after which a token is asked for again that did not come."""
_MOST = 10.0
"""Seconds that a new token may take, and the gateway's word on it."""
_UNSURE = 503
"""Where the gateway cannot say at present whether it takes a token."""

_log = logging.getLogger("smartcall")


class Renewal:
    """The token that a socket has."""

    def __init__(self, caller: Caller, say: Callable[[JsonObject], Awaitable[None]]) -> None:
        """Take what says a frame."""
        self.token: Token | None = None
        self._caller = caller
        self._say = say
        self._before: Token | None = None
        self._told = caller.io.gate()
        self._end = caller.io.gate()

    def begin(self, token: Token | None) -> None:
        """Take the token with which the socket was opened."""
        self.token = token
        if token is not None and token.good_until is not None:
            self._caller.io.spawn(self._keep)

    def answered(self, refused: int | None = None) -> None:
        """Hear whether the gateway took the token that it was shown, or the status it said."""
        if refused == _UNSURE and self._before is not None:
            self.token = self._before  # so that the other is shown again
        self._before = None
        self._told.open()

    def end(self) -> None:
        """Hear that the socket has ended."""
        self._end.open()
        self._told.open()

    async def show(self, token: Token | None, deadline: Deadline) -> None:
        """Show a token that the socket does not have yet, and await what the gateway says of it."""
        if token is None or self.token is None or token.text == self.token.text:
            return
        self._told.shut()
        self._before, self.token = self.token, token
        await self._say({"type": "token", "token": token.text})
        left = deadline.left()
        await self._told.wait(_MOST if left is None else min(left, _MOST))

    async def _keep(self) -> None:
        """Show the next token before the present one ends, as long as there is one."""
        caller = self._caller
        while (token := self.token) is not None and token.good_until is not None:
            if await self._end.wait(max(0.0, token.good_until - caller.clock.now())):
                return
            deadline = Deadline(caller.clock, _MOST)
            try:
                await self.show(await caller.tokens.renewed(token, deadline), deadline)
            except Exception as error:
                _log.warning("No new token came for a WebSocket: %r", error)
            if self.token is token and await self._end.wait(_AGAIN):
                return
