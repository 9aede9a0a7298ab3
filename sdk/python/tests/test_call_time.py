"""The time of a call, and answers without an end."""

from __future__ import annotations

import time

import pytest
from doors import Door
from gateway_words import refusal
from http_servers import Exchange, http_server

import smartcall


def test_the_deadline_holds_while_a_refusal_is_waited_out(door: Door) -> None:
    def later(exchange: Exchange) -> None:
        exchange.refuse(refusal(503, "AGENT_OVERLOADED", retry="yes", delay="30s"))

    with http_server(later) as server:
        begin = time.monotonic()
        with pytest.raises(smartcall.Unavailable) as caught:
            door(server.url).agent("echo").invoke("Hello", timeout=10)
        assert time.monotonic() - begin < 5
    assert (caught.value.retry_after, len(server.seen)) == (30, 1)


@pytest.mark.parametrize("phase", ["head", "body", "endless", "refusal"])
def test_a_deadline_holds_here_whatever_the_gateway_does(door: Door, phase: str) -> None:
    def silent(exchange: Exchange) -> bool:
        status = b"503" if phase == "refusal" else b"200"
        length = b"" if phase == "endless" else b"content-length: 100\r\n"
        if phase != "head":
            exchange.raw(b"HTTP/1.1 " + status + b" X\r\n" + length + b"\r\n{")
        return exchange.hung_up()

    with http_server(silent) as server:
        begin = time.monotonic()
        with pytest.raises(smartcall.DeadlineExceeded) as caught:
            door(server.url).agent("echo").invoke("Hello", timeout=0.3)
        assert 0.25 < time.monotonic() - begin < 4
        assert server.outcome() is True
    assert (caught.value.status, caught.value.reason) == (504, "DEADLINE_EXCEEDED")
    assert not caught.value.retryable


def test_drops_of_a_body_do_not_stretch_a_deadline(door: Door) -> None:
    def drips(exchange: Exchange) -> None:
        exchange.raw(b"HTTP/1.1 200 OK\r\ncontent-length: 10000\r\n\r\n")
        for _ in range(200):
            exchange.raw(b" ")
            time.sleep(0.05)

    with http_server(drips) as server:
        begin = time.monotonic()
        with pytest.raises(smartcall.DeadlineExceeded):
            door(server.url).agent("echo").invoke("Hello", timeout=0.4)
        assert time.monotonic() - begin < 4


def test_a_refusal_that_is_cut_is_a_refusal(door: Door) -> None:
    def cut(exchange: Exchange) -> None:
        exchange.raw(b"HTTP/1.1 502 X\r\ncontent-length: 100\r\n\r\nupstream error")
        exchange.hang_up()

    with http_server(cut) as server, pytest.raises(smartcall.Unavailable, match="upstream error"):
        door(server.url).agent("echo").invoke("Hello")


def test_a_refusal_without_an_end_is_read_no_further_than_it_may_say_anything(door: Door) -> None:
    def pours(exchange: Exchange) -> bool:
        exchange.raw(b"HTTP/1.1 503 X\r\ncontent-length: 1000000000\r\n\r\n")
        try:
            for _ in range(1000):
                exchange.raw(b"x" * 65_536)
        except OSError:
            return True
        return False

    with http_server(pours) as server:
        with pytest.raises(smartcall.Unavailable):
            door(server.url).agent("echo").invoke("Hello")
        assert server.outcome() is True
