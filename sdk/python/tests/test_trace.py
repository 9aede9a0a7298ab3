from __future__ import annotations

import os
import subprocess
import sys

from doors import Door
from http_servers import answer, http_server
from mesh import ROOT
from opentelemetry import context, trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

GIVEN = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_a_call_is_part_of_the_trace_that_it_is_given(door: Door) -> None:
    with http_server(answer) as server:
        door(server.url).agent("echo").invoke("Hello", traceparent=GIVEN)
    assert server.seen[0].headers["traceparent"] == GIVEN


def test_a_call_is_part_of_the_present_trace_of_opentelemetry(door: Door) -> None:
    span = NonRecordingSpan(SpanContext(0xABC, 0xDEF, is_remote=False, trace_flags=TraceFlags(1)))
    with http_server(answer) as server:
        agent = door(server.url).agent("echo")
        token = context.attach(trace.set_span_in_context(span))
        try:
            agent.invoke("Hello")
            agent.invoke("Hello", traceparent=GIVEN)
        finally:
            context.detach(token)
        agent.invoke("Hello")
    seen = [each.headers.get("traceparent") for each in server.seen]
    assert seen == [f"00-{0xABC:032x}-{0xDEF:016x}-01", GIVEN, None]


def test_opentelemetry_need_not_be_there() -> None:
    program = (
        "import sys; sys.modules['opentelemetry.trace.propagation.tracecontext'] = None\n"
        "from smartcall._trace import trace_headers; print(trace_headers(None))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT / "sdk" / "python" / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "{}\n"
