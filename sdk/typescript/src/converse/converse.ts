// Opens a WebSocket to an agent, and asks for turns on it.
import { type Ask, turnOf } from "../ask.ts";
import { inScope, streamOf } from "../call.ts";
import type { CallScope } from "../call-scope.ts";
import { ConnectionFailed } from "../errors.ts";
import { type CallOptions, traceOf, type Wire } from "../options.ts";
import type { EventSource } from "../read-pieces.ts";
import { jsonOf, tryOnce, withTokens } from "../request.ts";
import { mayRepeat, retrying, type Tried } from "../retry.ts";
import { createLink, type Link } from "./link.ts";
import { createRenewal } from "./renewal.ts";
import { ConverseSocket, type TurnOptions } from "./socket.ts";

/** The longest that a turn may be given, in milliseconds. */
const longestMs = 24 * 60 * 60 * 1000;

/** How long a gateway may take to open it, in milliseconds. */
const openMs = 10_000;

/** Opens it. Throws SmartCallError. */
export async function converse(
  wire: Wire,
  agent: string,
  options: CallOptions,
): Promise<ConverseSocket> {
  return await inScope(wire, options, async ({ choice, scope }) => {
    const { headers, retries } = choice;
    const trace = await scope.within(traceOf(wire, choice));
    const sent = { ...headers, ...trace };
    const once = (token: string | undefined) => openOnce(wire, agent, { token, sent, scope });
    const link = await retrying(withTokens(wire, { scope, idempotent: true }, once), {
      retries,
      scope,
      random: wire.random,
    });
    return new ConverseSocket(agent, link, (conversation, ask, turn) =>
      askTurn(wire, link, { conversation, ask, options: turn }),
    );
  });
}

interface Opening {
  readonly token: string | undefined;
  readonly sent: Readonly<Record<string, string>>;
  readonly scope: CallScope;
}

async function openOnce(wire: Wire, agent: string, opening: Opening): Promise<Tried<Link>> {
  const { sent: headers, scope, token } = opening;
  const { clock, platform, tokens } = wire;
  const path = `/v1/agents/${encodeURIComponent(agent)}`;
  const url = `${wire.url.replace(/^http/, "ws")}${path}:converse`;
  let disarm = (): void => undefined;
  const tried = await new Promise<Tried<Link>>((resolve) => {
    const link = createLink({
      clock,
      renewal: (show) => createRenewal({ clock, tokens, token, show }),
      open: (tells) => platform.openSocket({ url, token, headers, now: clock.now }, tells),
      ready: () => {
        scope.signal.removeEventListener("abort", giveUp);
        resolve({ ok: true, value: link });
      },
      failed: ({ again, error }) => resolve({ ok: false, error, again }),
    });
    const giveUp = (): void => {
      link.drop();
      const error = scope.failure();
      if (error !== undefined) resolve({ ok: false, error, again: false });
    };
    scope.signal.addEventListener("abort", giveUp, { once: true });
    if (scope.signal.aborted) giveUp();
    disarm = clock.after(openMs, () => {
      resolve({ ok: false, error: unanswered(url), again: true });
      link.drop();
    });
  });
  disarm();
  if (tried.ok || platform.tellsRefusals || tried.error.status !== 0) return tried;
  // The platform does not say why: what the gateway says of the agent does.
  const asked = { method: "GET", path, accept: "application/json" } as const;
  const shown = new Headers(token === undefined ? {} : { authorization: `Bearer ${token}` });
  const told = await tryOnce(wire, asked, { headers: shown, scope, idempotent: true }, jsonOf);
  return told.ok ? tried : told;
}

function unanswered(url: string): ConnectionFailed {
  const why = `the WebSocket was not opened within ${openMs / 1_000} s`;
  return new ConnectionFailed(
    `The gateway at ${new URL(url).origin} was not reached: ${why}. Look whether it runs, and at its address.`,
    { status: 0, reason: "CONNECTION_FAILED", retryable: true },
  );
}

function askTurn(
  wire: Wire,
  link: Link,
  turn: { readonly conversation: string; readonly ask: Ask; readonly options: TurnOptions },
) {
  const { conversation, options } = turn;
  const said = turnOf(turn.ask);
  return streamOf(wire, options, ({ choice, scope }) => {
    const { idempotent, retries } = choice;
    const ask = () => tryTurn(link, conversation, { said, scope, idempotent });
    let renewed = false;
    const once = async (): Promise<Tried<EventSource>> => {
      const tried = await ask();
      if (tried.ok || tried.error.status !== 401 || renewed) return tried;
      renewed = true;
      return (await scope.within(link.renew())) ? await ask() : tried;
    };
    return retrying(once, { retries, scope, random: wire.random });
  });
}

interface TurnTry {
  readonly said: Readonly<Record<string, unknown>>;
  readonly scope: CallScope;
  readonly idempotent: boolean;
}

async function tryTurn(
  link: Link,
  conversation: string,
  { idempotent, said, scope }: TurnTry,
): Promise<Tried<EventSource>> {
  const problem = scope.failure() ?? link.problem(conversation);
  if (problem !== undefined) return { ok: false, error: problem, again: false };
  const left = scope.leftMs();
  const time = left === undefined ? undefined : Math.min(Math.max(1, Math.ceil(left)), longestMs);
  const turn = link.begin(conversation, {
    ...said,
    ...(time !== undefined && { timeoutMs: time }),
  });
  const close = (): void => link.leave(conversation, turn);
  try {
    const began = await scope.within(turn.began);
    if (!began.ok) {
      return { ...began, again: began.again && mayRepeat(began.error, idempotent) };
    }
    return { ok: true, value: { events: turn.events, requestId: "", close } };
  } catch {
    close();
    const error = scope.failure();
    if (error === undefined) throw new Error("a turn begins, or its call ends");
    return { ok: false, error, again: false };
  }
}
