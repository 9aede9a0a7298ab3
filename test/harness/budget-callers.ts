// Callers whose calls end in every way there is.
import { once } from "node:events";
import { status } from "@grpc/grpc-js";
import type { Spend } from "../agents/spender.ts";
import type { BudgetMesh } from "./budget-mesh.ts";
import { pause } from "./eventually.ts";
import { invokeGrpc, saying, streamGrpc } from "./grpc.ts";
import { callOn, openHttp2 } from "./http2.ts";
import { callRest, openRest } from "./rest.ts";

/** How a call is made to end; each kind gives a word for how it did. */
export type Ending = (of: BudgetMesh, team: string) => Promise<string>;

const path = "/v1/agents/spender";
const message = (spend: Spend) => ({
  messages: [{ role: "user", content: JSON.stringify(spend) }],
});

function rest(
  method: string,
  spend: Spend,
  headers: Readonly<Record<string, string>> = {},
): Ending {
  return async ({ mesh, token }, team) => {
    const call = { path: `${path}:${method}`, token: await token(team), body: message(spend) };
    return `${(await callRest(mesh, { ...call, headers })).status}`;
  };
}

function grpc(spend: Spend): Ending {
  return async ({ mesh, token }, team) => {
    const request = saying(JSON.stringify(spend));
    const reply = await invokeGrpc(mesh, { agent: "spender", token: await token(team), request });
    return reply.ok ? "OK" : (status[reply.error.code] ?? "");
  };
}

/** The agent says at each end what it used. */
export const told: Readonly<Record<string, Ending>> = {
  "done by REST": rest("invoke", { input: 12, output: 8 }),
  "done in a stream": rest("stream", { input: 5, output: 20, pauseMs: 2 }),
  "done by gRPC": grpc({ input: 3, output: 4 }),
  "done at its grant": rest("invoke", { input: 40, output: 500 }),
  "failed at once": rest("invoke", { input: 15, output: 0, fail: true }),
  "failed in a stream": rest("stream", { input: 5, output: 3, fail: true }),
  "failed in a stream by gRPC": async ({ mesh, token }, team) => {
    const request = saying(JSON.stringify({ input: 4, output: 2, fail: true }));
    const call = { agent: "spender", token: await token(team), request };
    return status[(await streamGrpc(mesh, call)).status.code] ?? "";
  },
  "too large for its grant": rest("invoke", { input: 100, output: 1 }),
};

/** At its deadline an agent says what it used, if it is quick. */
export const late: Readonly<Record<string, Ending>> = {
  "at its deadline": rest(
    "invoke",
    { input: 7, output: 50, pauseMs: 30 },
    { "x-request-timeout-ms": "600" },
  ),
  "at its deadline in a stream": rest(
    "stream",
    { input: 7, output: 50, pauseMs: 30 },
    { "x-request-timeout-ms": "600" },
  ),
};

/** No agent ever hears of them. */
export const unsent: Readonly<Record<string, Ending>> = {
  "no JSON": async ({ mesh, token }, team) => {
    const call = { path: `${path}:invoke`, token: await token(team), body: '{"messages":[' };
    return `${(await callRest(mesh, call)).status}`;
  },
  "a wrong type": async ({ mesh, token }, team) => {
    const call = { path: `${path}:invoke`, token: await token(team), body: { messages: 5 } };
    return `${(await callRest(mesh, call)).status}`;
  },
  "no instance": async ({ mesh, token }, team) => {
    const body = message({ input: 1, output: 1 });
    const call = { path: "/v1/agents/nobody:invoke", token: await token(team), body };
    return `${(await callRest(mesh, call)).status}`;
  },
};

/** Nobody sees their end. */
export const unseen: Readonly<Record<string, Ending>> = {
  "left while it streamed": async ({ mesh, token }, team) => {
    const left = new AbortController();
    const response = await openRest(mesh, {
      path: `${path}:stream`,
      token: await token(team),
      body: message({ input: 10, output: 80, pauseMs: 20 }),
      signal: left.signal,
    });
    response.on("error", () => undefined);
    if (response.statusCode === 200) await once(response, "data");
    left.abort();
    return `${response.statusCode} and left`;
  },
  "left before the answer": async ({ mesh, token }, team) => {
    const call = {
      path: `${path}:invoke`,
      token: await token(team),
      body: message({ input: 10, output: 80, pauseMs: 20 }),
      signal: AbortSignal.timeout(300),
    };
    return callRest(mesh, call).then(
      ({ status: http }) => `${http}`,
      () => "left",
    );
  },
  // Long enough to be there when an instance is killed.
  long: rest("stream", { input: 10, output: 60, pauseMs: 90 }),
};

/** They hang up when they have asked, or before they have: most before an agent hears of them. */
export const hungUp: Readonly<Record<string, Ending>> = {
  "hung up at once": async ({ mesh, token }, team) => {
    const call = {
      path: `${path}:invoke`,
      token: await token(team),
      body: message({ input: 5, output: 10 }),
      signal: AbortSignal.timeout(20),
    };
    return callRest(mesh, call).then(
      ({ status: http }) => `${http}`,
      () => "hung up",
    );
  },
  "hung up at once over HTTP/2": hangUpHttp2(true),
  "hung up within its request": hangUpHttp2(false),
};

function hangUpHttp2(whole: boolean): Ending {
  return async ({ mesh, token }, team) => {
    const call = { path: `${path}:invoke`, token: await token(team) };
    const text = JSON.stringify(message({ input: 5, output: 10 }));
    const session = openHttp2(mesh);
    try {
      if (session.connecting) await once(session, "connect");
      const body = whole ? text : text.slice(0, 20);
      const calling = callOn(session, { ...call, body }, { hold: !whole });
      await pause(Math.random() * 15);
      session.destroy();
      const reply = await calling;
      return "reset" in reply ? "hung up" : `${reply.status}`;
    } finally {
      session.destroy();
    }
  };
}

/** Makes the call; a connection that breaks is an end too. */
async function callOnce(of: BudgetMesh, team: string, end: Ending): Promise<string> {
  try {
    return await end(of, team);
  } catch {
    return "broken";
  }
}

/** Each of the ways to end a call. */
export const everyWay: readonly Ending[] = Object.values({
  ...told,
  ...late,
  ...unsent,
  ...unseen,
  ...hungUp,
});

/** Callers of a team. */
export interface Callers {
  readonly callers: number;
  /** How many calls each makes, at least. */
  readonly calls: number;
  readonly ways: readonly Ending[];
  /** They go on until a call ended with this word, for at most two minutes. */
  readonly until?: string;
}

const longestMs = 120_000;

/**
 * So many callers at once, each of which makes so many calls, one after another, each
 * of another kind. Resolves to a word for the end of each.
 */
export async function callAtOnce(
  of: BudgetMesh,
  team: string,
  { callers, calls, ways, until }: Callers,
): Promise<readonly string[]> {
  const words: string[] = [];
  const begun = performance.now();
  const goOn = (): boolean =>
    until !== undefined && !words.includes(until) && performance.now() - begun < longestMs;
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      for (let call = 0; call < calls || goOn(); call++) {
        const way = ways[(caller + 7 * call) % ways.length];
        if (way !== undefined) words.push(await callOnce(of, team, way));
      }
    }),
  );
  return words;
}

/** How often each word was said. */
export function tally(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
