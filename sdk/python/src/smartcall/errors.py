"""What a call can end with that is no answer: one base, and a class for each kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Fault = Literal["client", "policy", "agent", "provider"]
"""Whose fault it is: the caller's, an operator's, the agent's, or a service's behind it."""


@dataclass(frozen=True)
class FieldViolation:
    """A field of the request that is not as it must be."""

    field: str
    """Its path in the JSON, such as `messages[0].role`."""
    description: str
    """What is wrong with it."""


class SmartCallError(Exception):
    """A call failed. Its subclasses say how; itself it is what none of them fits."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        reason: str = "",
        request_id: str = "",
        retryable: bool = False,
        retry_after: float | None = None,
        details: Sequence[Mapping[str, Any]] = (),
        fault: Fault | None = None,
        rule: str | None = None,
        fields: Sequence[FieldViolation] = (),
        text_so_far: str = "",
    ) -> None:
        """Take what is known of the failure."""
        super().__init__(message)
        self.message = message
        """What is wrong, and what to do, for people."""
        self.status = status
        """The HTTP status that says it; 0 where the gateway was not reached."""
        self.reason = reason
        """Why, for programs: one of the table in `docs/refusals.md`, or an agent's own."""
        self.request_id = request_id
        """What operators find the call by; empty where it is not known."""
        self.retryable = retryable
        """Whether the same call may succeed later, unchanged."""
        self.retry_after = retry_after
        """After how many seconds, where that is known."""
        self.details = tuple(details)
        """The `details` of the refusal, as they came."""
        self.fault = fault
        """Whose fault it is, where that is known."""
        self.rule = rule
        """The rule that refused, where one did."""
        self.fields = tuple(fields)
        """The fields that are wrong, where the refusal names them."""
        self.text_so_far = text_so_far
        """What a stream had answered until it failed: a part only."""

    def __str__(self) -> str:
        """Tell the message, the reason and the request's id."""
        known = ", ".join(
            each for each in (self.reason, self.request_id and f"request {self.request_id}") if each
        )
        return f"{self.message} ({known})" if known else self.message


class Unauthenticated(SmartCallError):
    """The token is missing, has expired, or is not valid here (401)."""


class Forbidden(SmartCallError):
    """The caller may not make this call (403)."""


class NotFound(SmartCallError):
    """No such agent, or no such path (404)."""


class InvalidRequest(SmartCallError):
    """The request is not as the contract asks (400, 409, 413 …); `fields` names what is wrong."""


class LimitReached(SmartCallError):
    """Too many calls, or too many at once (429)."""


class BudgetSpent(SmartCallError):
    """Less is left of a budget than the call needs (429, BUDGET_SPENT)."""


class Unavailable(SmartCallError):
    """The agent, or what is on the way to it, takes no calls at present (502, 503)."""


class DeadlineExceeded(SmartCallError):
    """The answer was not whole in time: the caller's, or the route's (504)."""


class Cancelled(SmartCallError):
    """The call was cancelled (499)."""


class StreamBroken(SmartCallError):
    """An answer stopped without its last event; `text_so_far` is what had come of it."""


class ConnectionFailed(SmartCallError):
    """The gateway was not reached, so the call never began."""
