from __future__ import annotations

import json
import pickle
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest
from gateway_words import refusal

import smartcall
from smartcall import SmartCallError
from smartcall._closes import error_of_close
from smartcall._io import WireClosed
from smartcall._refusal import read_event_error, read_response


def told(status: int, reason: str, **options: Any) -> SmartCallError:
    body = json.dumps({"error": refusal(status, reason, **options)})
    return read_response(status, {}, body.encode())


@pytest.mark.parametrize(
    ("status", "reason", "kind"),
    [
        (400, "INVALID_REQUEST", smartcall.InvalidRequest),
        (401, "TOKEN_NOT_ACCEPTED", smartcall.Unauthenticated),
        (403, "SCOPE_MISSING", smartcall.Forbidden),
        (404, "UNKNOWN_AGENT", smartcall.NotFound),
        (405, "METHOD_NOT_ALLOWED", smartcall.InvalidRequest),
        (408, "REQUEST_TIMEOUT", smartcall.DeadlineExceeded),
        (409, "TURN_RUNNING", smartcall.InvalidRequest),
        (413, "REQUEST_TOO_LARGE", smartcall.InvalidRequest),
        (429, "RATE_LIMITED", smartcall.LimitReached),
        (429, "BUDGET_SPENT", smartcall.BudgetSpent),
        (499, "CANCELLED", smartcall.Cancelled),
        (500, "AGENT_FAILED", SmartCallError),
        (501, "UNIMPLEMENTED", SmartCallError),
        (502, "BAD_ANSWER", smartcall.Unavailable),
        (503, "AGENT_OVERLOADED", smartcall.Unavailable),
        (503, "STREAM_BROKEN", smartcall.StreamBroken),
        (504, "DEADLINE_EXCEEDED", smartcall.DeadlineExceeded),
        (302, "ELSEWHERE", SmartCallError),
    ],
)
def test_the_kind_of_an_error_is_by_its_status_and_reason(
    status: int, reason: str, kind: type[SmartCallError]
) -> None:
    error = told(status, reason)
    assert type(error) is kind
    assert (error.status, error.reason, error.request_id) == (status, reason, "r-1")


@pytest.mark.parametrize(
    ("code", "status"),
    [(1, 499), (3, 400), (4, 504), (5, 404), (7, 403), (8, 429), (14, 503), (16, 401), (13, 500)],
)
def test_the_error_of_an_event_has_the_status_of_its_code(code: int, status: int) -> None:
    assert read_event_error({"code": code}).status == status
    assert read_event_error({"code": "x"}).status == 500


def test_a_refusal_says_all_that_its_details_say() -> None:
    inner = refusal(429, "RATE_LIMITED", retry="yes", delay="2.5s")
    inner["details"][0]["metadata"]["rule"] = "writing:60/minute/subject"
    inner["details"].append(
        {
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [{"field": "stop[0]", "description": "is empty"}, 7],
        }
    )
    inner["details"].append("none of ours")
    error = read_response(429, {"retry-after": "9"}, json.dumps({"error": inner}).encode())
    assert error.retryable
    assert error.retry_after == 2.5
    assert error.rule == "writing:60/minute/subject"
    assert error.fault == "agent"
    assert error.fields == (smartcall.FieldViolation("stop[0]", "is empty"),)
    assert len(error.details) == 3
    assert str(error) == "No. (RATE_LIMITED, request r-1)"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("-1", None), ("nan", None), ("soon", None), ("", None)],
)
def test_the_header_says_when_where_the_details_do_not(header: str, seconds: float | None) -> None:
    body = json.dumps({"error": refusal(503, "AGENT_UNAVAILABLE", retry="yes")}).encode()
    assert read_response(503, {"retry-after": header}, body).retry_after == seconds


def test_the_header_may_be_a_date() -> None:
    soon = datetime.now(timezone.utc) + timedelta(seconds=30)
    dated = read_response(503, {"retry-after": format_datetime(soon, usegmt=True)}, b"")
    assert dated.retry_after is not None
    assert 25 < dated.retry_after <= 30
    past = read_response(503, {"retry-after": "Wed, 21 Oct 2015 07:28:00"}, b"")
    assert past.retry_after == 0


@pytest.mark.parametrize("body", [b"upstream connect error", b"<html>", b"[]", b'{"error":1}', b""])
def test_a_body_that_is_no_envelope_is_shown(body: bytes) -> None:
    error = read_response(503, {"x-request-id": "r-9"}, body)
    assert type(error) is smartcall.Unavailable
    assert (error.reason, error.request_id, error.retryable) == ("HTTP_503", "r-9", False)
    assert (body.decode() or "(nothing)") in error.message


def test_what_stands_on_the_way_may_be_asked_again_only_where_it_says_when() -> None:
    assert read_response(503, {"retry-after": "1"}, b"busy").retryable
    assert not read_response(500, {"retry-after": "1"}, b"busy").retryable
    assert len(read_response(502, {}, b"x" * 10_000).message) < 300


def test_an_envelope_that_says_little_is_an_error_all_the_same() -> None:
    bare = read_response(418, {}, b'{"error":{"status":"TEAPOT"}}')
    assert type(bare) is smartcall.InvalidRequest
    assert bare.reason == "TEAPOT"
    assert bare.message
    assert str(SmartCallError("Only words.")) == "Only words."


def test_errors_can_be_sent_to_another_process() -> None:
    error = told(429, "RATE_LIMITED", retry="yes", delay="2s")
    error.text_so_far = "one"
    same = pickle.loads(pickle.dumps(error))
    assert type(same) is smartcall.LimitReached
    assert same.__dict__ == error.__dict__
    assert str(same) == str(error)


@pytest.mark.parametrize(
    ("code", "reason", "kind", "name"),
    [
        (1001, "", smartcall.Unavailable, "GATEWAY_ENDING"),
        (1006, "", smartcall.StreamBroken, "STREAM_BROKEN"),
        (1008, "", smartcall.InvalidRequest, "INVALID_REQUEST"),
        (1013, "full", smartcall.Unavailable, "TOO_MANY_SOCKETS"),
        (1009, "", smartcall.InvalidRequest, "REQUEST_TOO_LARGE"),
        (1011, "", SmartCallError, "INTERNAL"),
        (4400, "", smartcall.InvalidRequest, "INVALID_REQUEST"),
        (4401, "the token has expired", smartcall.Unauthenticated, "TOKEN_EXPIRED"),
        (4401, "the token is not taken any more", smartcall.Unauthenticated, "TOKEN_REVOKED"),
        (4401, "another caller's", smartcall.Unauthenticated, "TOKEN_NOT_ACCEPTED"),
        (4408, "deaf", smartcall.StreamBroken, "STREAM_BROKEN"),
        (4429, "greedy", smartcall.LimitReached, "RATE_LIMITED"),
        (4999, "", smartcall.StreamBroken, "STREAM_BROKEN"),
    ],
)
def test_a_close_code_says_why(
    code: int, reason: str, kind: type[SmartCallError], name: str
) -> None:
    error = error_of_close(WireClosed(code, reason))
    assert type(error) is kind
    assert error.reason == name
    assert reason in error.message
    assert error.retryable == (code in {1001, 1006, 1013, 4408, 4999})
