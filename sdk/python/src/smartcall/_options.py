"""What callers may set, checked before anything is sent."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Awaitable, Callable, Mapping
from typing import TypedDict, Union
from urllib.parse import urlsplit

TokenProvider = Callable[[], str]
"""Gives a token; called before the first call, before the token ends, and after a 401."""

AsyncTokenProvider = Callable[[], str | Awaitable[str]]
"""The same; may be a coroutine function."""

Verify = Union[str, "os.PathLike[str]", ssl.SSLContext, None]
"""Whom to trust: a file of authorities in PEM, a context, or the public authorities."""

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_TOKEN = re.compile(r"[\x21-\x7e]+")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")

_LONGEST_TIMEOUT = 2_147_483
"""Seconds: as many as systems can wait, and some 24 days."""
_LONGEST_NAME = 64
"""Characters of a conversation's name, as the gateway counts them: in UTF-16."""


class TurnOptions(TypedDict, total=False):
    """What one turn of a conversation may set for itself."""

    timeout: float | None
    """Seconds until the answer must be whole; the agent is told. None: as the route says."""
    retries: int
    """How often it is made again at most, where the refusal allows it."""
    idempotent: bool
    """The agent may do it twice: it is made again even where the agent may have begun it."""


class CallOptions(TurnOptions, total=False):
    """What one call may set for itself."""

    traceparent: str
    """The trace that it is part of (W3C). Left out: OpenTelemetry's present one, if there is."""
    headers: Mapping[str, str]
    """Further headers, which routes may match on."""


def check_url(url: str) -> str:
    """Give the URL without a slash at its end. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"`url` is the gateway's, such as https://localhost:8443, and not {url!r}")
    return url.rstrip("/")


def check_timeout(timeout: float | None) -> float | None:
    """Give it as it is. Raises ValueError."""
    if timeout is not None and not 0 < timeout <= _LONGEST_TIMEOUT:
        raise ValueError(
            f"`timeout` is a number of seconds above 0, at most {_LONGEST_TIMEOUT}, "
            f"and not {timeout!r}"
        )
    return timeout


def check_retries(retries: int) -> int:
    """Give them as they are. Raises ValueError."""
    if retries < 0:
        raise ValueError(f"`retries` is 0 or more, and not {retries!r}")
    return retries


def check_traceparent(traceparent: str) -> str:
    """Give it as it is. Raises ValueError."""
    if not _TRACEPARENT.fullmatch(traceparent):
        raise ValueError(
            f"`traceparent` is as W3C Trace Context has it, such as "
            f"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01, and not {traceparent!r}"
        )
    return traceparent


def check_turn(options: TurnOptions) -> None:
    """Refuse what a turn has of its socket. Raises TypeError."""
    for name in options:
        if name not in TurnOptions.__annotations__:
            raise TypeError(
                f"A turn takes no `{name}`: "
                "give `headers` and `traceparent` where its socket is opened."
            )


def check_conversation(name: str) -> str:
    """Give it as it is. Raises ValueError."""
    if not 0 < len(name.encode("utf-16-le", "surrogatepass")) // 2 <= _LONGEST_NAME:
        raise ValueError(
            f"The name of a conversation has 1 to {_LONGEST_NAME} characters, and not {len(name)}"
        )
    return name


def check_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Give them with their names in lower case. Raises ValueError."""
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise ValueError(f"`headers` has one that HTTP cannot say: {name!r}")
    return {name.lower(): value for name, value in headers.items()}


def check_token(token: str) -> str:
    """Give it without the white space around it. Raises ValueError, which never shows it."""
    bare = token.strip()
    if not _TOKEN.fullmatch(bare):
        raise ValueError(
            "A token is one word of ASCII's printable characters; what is given is not"
        )
    return bare
