"""Makes calls: with the caller's token, within their time, again where that may help."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote, urlencode

from smartcall._clock import Clock, Deadline
from smartcall._io import Head, Io, Line, Request
from smartcall._json import JsonObject, list_at, parse_object, text_at
from smartcall._own_errors import FAULTS, Lost, bad_answer, of_fault
from smartcall._plan import Plan, Settings
from smartcall._refusal import read_response
from smartcall._retry import wait_before
from smartcall._tokens import Given, Token, Tokens
from smartcall.answers import AgentInfo, Answer, read_agent, read_answer
from smartcall.errors import SmartCallError, Unauthenticated

T = TypeVar("T")

_MOST_OF_REFUSAL = 1024 * 1024


@dataclass(frozen=True)
class Opened:
    """A response that has begun, and is no refusal."""

    line: Line
    head: Head

    @property
    def request_id(self) -> str:
        """What operators find the call by."""
        return self.head.headers.get("x-request-id", "")


class Caller:
    """Makes the calls of one client."""

    def __init__(
        self, io: Io, settings: Settings, token: Given, clock: Clock | None = None
    ) -> None:
        """Take what all calls have in common. Raises ValueError where the token is none."""
        self.io = io
        self.settings = settings
        self.clock = clock or Clock()
        self.tokens = Tokens(io, self.clock, token)

    def deadline(self, plan: Plan) -> Deadline:
        """Begin the time of a call."""
        return Deadline(self.clock, plan.timeout)

    def path_of(self, agent: str) -> str:
        """Give the path of an agent."""
        return f"/v1/agents/{quote(agent, safe='')}"

    async def invoke(self, agent: str, body: bytes, plan: Plan) -> Answer:
        """Call, and await the whole answer."""
        deadline = self.deadline(plan)
        path = f"{self.path_of(agent)}:invoke"

        async def attempt(token: Token | None) -> Answer:
            opened = await self._exchange("POST", path, body, plan, deadline, token)
            return read_answer(await _object_of(opened), opened.request_id)

        return await self._wholly(attempt, plan, deadline, idempotent=plan.idempotent)

    async def agents(self, plan: Plan) -> list[AgentInfo]:
        """List all agents, page by page."""
        deadline = self.deadline(plan)
        agents: list[AgentInfo] = []
        page = ""
        while True:
            query = {"pageSize": "500", **({"pageToken": page} if page else {})}
            told = await self._get(f"/v1/agents?{urlencode(query)}", plan, deadline)
            agents += map(read_agent, list_at(told, "agents"))
            after = text_at(told, "nextPageToken")
            if after in {"", page}:
                return agents
            page = after

    async def agent(self, name: str, plan: Plan) -> AgentInfo:
        """Tell of one agent."""
        return read_agent(await self._get(self.path_of(name), plan, self.deadline(plan)))

    async def open(self, path: str, body: bytes, plan: Plan, deadline: Deadline) -> Opened:
        """Ask, again where that may help, until a response begins that is no refusal."""

        async def attempt(token: Token | None) -> Opened:
            return await self._exchange("POST", path, body, plan, deadline, token)

        return await self.repeatedly(attempt, plan, deadline, idempotent=plan.idempotent)

    async def repeatedly(
        self,
        attempt: Callable[[Token | None], Awaitable[T]],
        plan: Plan,
        deadline: Deadline,
        *,
        idempotent: bool,
        may_repeat: Callable[[], bool] = lambda: True,
        expired_unbegun: bool = False,
    ) -> T:
        """Attempt it until it succeeds or there is no more to be hoped. Faults are not repeated.

        `expired_unbegun`: nothing began where TOKEN_EXPIRED is told, which HTTP tells of calls
        that run.
        """
        tries = 0
        renewed = False
        token = await self.tokens.current(deadline)
        while True:
            try:
                return await attempt(token)
            except SmartCallError as error:
                unbegun = expired_unbegun or idempotent or error.reason != "TOKEN_EXPIRED"
                refused = isinstance(error, Unauthenticated) and unbegun
                if refused and token is not None and not renewed:
                    renewed = True
                    token = await self.tokens.after(token, deadline)
                    if token is None:
                        raise
                    continue
                wait = wait_before(
                    error,
                    tries=tries,
                    retries=plan.retries,
                    left=deadline.left(),
                    chance=self.clock.chance(),
                    idempotent=idempotent,
                )
                if wait is None or not may_repeat():
                    raise
            await self.io.sleep(wait)
            tries += 1
            token = await self.tokens.current(deadline)

    async def _get(self, path: str, plan: Plan, deadline: Deadline) -> JsonObject:
        async def attempt(token: Token | None) -> JsonObject:
            return await _object_of(await self._exchange("GET", path, None, plan, deadline, token))

        return await self._wholly(attempt, plan, deadline, idempotent=True)

    async def _wholly(
        self,
        attempt: Callable[[Token | None], Awaitable[T]],
        plan: Plan,
        deadline: Deadline,
        *,
        idempotent: bool,
    ) -> T:
        """Attempt what is one request and its whole answer: a lost connection is one that broke."""

        async def told(token: Token | None) -> T:
            try:
                return await attempt(token)
            except Lost as lost:
                raise of_fault(lost) from lost

        try:
            return await self.repeatedly(told, plan, deadline, idempotent=idempotent)
        except FAULTS as fault:
            raise of_fault(fault) from fault

    async def _exchange(
        self,
        method: str,
        path: str,
        body: bytes | None,
        plan: Plan,
        deadline: Deadline,
        token: Token | None,
    ) -> Opened:
        headers = {**plan.headers_for(token), "accept-encoding": "identity"}
        if body is not None:
            headers["content-type"] = "application/json"
        left = deadline.left_ms()
        if left is not None:
            headers["x-request-timeout-ms"] = str(left)
        line = self.io.line()
        try:
            head = await line.send(
                Request(method, self.settings.url + path, headers, body), deadline
            )
            if head.status == 200:
                return Opened(line, head)
            refusal = await _refusal_of(line, head)
        except BaseException:
            await line.close()
            raise
        await line.close()
        raise refusal


async def _refusal_of(line: Line, head: Head) -> SmartCallError:
    body = bytearray()
    try:
        while len(body) < _MOST_OF_REFUSAL and (chunk := await line.chunk()):
            body += chunk
    except Lost:
        pass  # what came may say enough
    return read_response(head.status, head.headers, bytes(body))


async def _object_of(opened: Opened) -> JsonObject:
    body = bytearray()
    try:
        while chunk := await opened.line.chunk():
            body += chunk
    finally:
        await opened.line.close()
    read = parse_object(bytes(body))
    if read is None:
        raise bad_answer("no JSON object", request_id=opened.request_id)
    return read
