"""What holds for a call: what its client was made with, and what it sets for itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from smartcall import _options
from smartcall._options import CallOptions, TurnOptions
from smartcall._tokens import Token
from smartcall._trace import trace_headers
from smartcall._version import __version__


@dataclass(frozen=True)
class Plan:
    """What holds for one call; its time begins when it is made."""

    timeout: float | None
    retries: int
    idempotent: bool
    headers: Mapping[str, str]

    def headers_for(self, token: Token | None) -> dict[str, str]:
        """Give the headers that every request has, and who asks."""
        shown = {} if token is None else {"authorization": f"Bearer {token.text}"}
        return {**self.headers, **shown}


@dataclass(frozen=True)
class Settings:
    """What holds for all calls of a client that say nothing else."""

    url: str
    timeout: float | None
    retries: int
    idempotent: bool
    headers: Mapping[str, str]

    @staticmethod
    def checked(
        url: str,
        timeout: float | None,
        retries: int,
        headers: Mapping[str, str] | None,
        *,
        idempotent: bool,
    ) -> Settings:
        """Take what a client is made with. Raises ValueError."""
        return Settings(
            url=_options.check_url(url),
            timeout=_options.check_timeout(timeout),
            retries=_options.check_retries(retries),
            idempotent=idempotent,
            headers=_options.check_headers(headers or {}),
        )

    def plan(self, options: CallOptions) -> Plan:
        """Check what a call sets for itself. Raises ValueError."""
        headers = {
            **self.headers,
            **_options.check_headers(options.get("headers", {})),
            "user-agent": f"smartcall-python/{__version__}",
            **trace_headers(options.get("traceparent")),
        }
        return self._plan(options, headers)

    def turn_plan(self, options: TurnOptions) -> Plan:
        """Check what a turn sets for itself. Raises ValueError, TypeError."""
        _options.check_turn(options)
        return self._plan(options, {})

    def _plan(self, options: TurnOptions, headers: Mapping[str, str]) -> Plan:
        return Plan(
            timeout=_options.check_timeout(options.get("timeout", self.timeout)),
            retries=_options.check_retries(options.get("retries", self.retries)),
            idempotent=options.get("idempotent", self.idempotent),
            headers=headers,
        )
