// Runs one shared case, and says what is not as it must be.
import { randomUUID } from "node:crypto";
import { Client } from "@smartcall/client";
import { eventually } from "../../harness/eventually.ts";
import { entries, listAt, numberAt, textAt, valueAt } from "../../harness/json.ts";
import { differs, problemsOf } from "./outcome.ts";
import { playCall } from "./play-call.ts";

/**
 * Runs it. `told` is what `mesh.ts` prints. Gives the problems; none where the case holds.
 */
export async function runCase(written: unknown, told: unknown): Promise<readonly string[]> {
  const id = randomUUID();
  const one: unknown = JSON.parse(JSON.stringify(written).replaceAll("{id}", id));
  let asked = 0;
  const given = [valueAt(one, "token") ?? "user"]
    .flat()
    .map((whose) => textAt(told, "tokens", String(whose)));
  const provider = (): string => given[Math.min(asked++, given.length - 1)] ?? "";
  const token = Array.isArray(valueAt(one, "token")) ? provider : given[0];
  const isNobody = textAt(one, "call", "url") === "nobody";
  const client = new Client({ url: textAt(told, isNobody ? "nobody" : "url"), token });

  for (const first of listAt(one, "first")) await playCall(client, first);
  const call = valueAt(one, "call");
  const times = valueAt(call, "times") === undefined ? 1 : numberAt(call, "times");
  const began = performance.now();
  const outcomes = await Promise.all(Array.from({ length: times }, () => playCall(client, call)));
  const tookMs = performance.now() - began;

  const expected = valueAt(one, "expect");
  const needsId = valueAt(expected, "error") === undefined;
  const { tokenAsked, tookMsAtLeast, tookMsAtMost } = Object.fromEntries(entries(expected));
  return [
    ...outcomes.flatMap((outcome) => problemsOf(expected, outcome)),
    ...outcomes.flatMap(({ requestId }) => (needsId && requestId === "" ? ["no request id"] : [])),
    ...(tokenAsked === undefined ? [] : differs("tokenAsked", tokenAsked, asked)),
    ...(typeof tookMsAtLeast === "number" && tookMs < tookMsAtLeast ? [`took ${tookMs} ms`] : []),
    ...(typeof tookMsAtMost === "number" && tookMs > tookMsAtMost ? [`took ${tookMs} ms`] : []),
    ...(await agentProblems(one, told, id)),
  ];
}

/** What the agent saw, which may reach it a moment later. */
async function agentProblems(one: unknown, told: unknown, id: string): Promise<readonly string[]> {
  const expected = valueAt(one, "agentSaw");
  if (expected === undefined) return [];
  const user = new Client({ url: textAt(told, "url"), token: textAt(told, "tokens", "user") });
  const name = textAt(one, "call", "agent") === "breaker" ? "breaker" : "scripted";
  let problems: readonly string[] = [];
  await eventually(
    async () => {
      const { text } = await user.agent(name).invoke(`saw ${id}`);
      problems = sawProblems(expected, JSON.parse(text));
      if (problems.length > 0) throw new Error("not yet");
    },
    { withinMs: 5_000, everyMs: 100 },
  ).catch((error: unknown) => {
    if (problems.length === 0) throw error;
  });
  return problems;
}

function sawProblems(expected: unknown, saw: unknown): readonly string[] {
  return entries(expected).flatMap(([key, value]) => {
    switch (key) {
      case "calls":
      case "stopped":
        return differs(`agentSaw.${key}`, value, valueAt(saw, key) ?? 0);
      case "deadlineMsAtMost": {
        const told = listAt(saw, "deadlinesMs");
        const wrong = told.filter((ms) => typeof ms !== "number" || ms > Number(value));
        return told.length > 0 && wrong.length === 0 ? [] : [`deadlines: ${JSON.stringify(told)}`];
      }
      case "traceId": {
        const ids = listAt(saw, "traceIds");
        const alike = ids.length > 0 && ids.every((each) => each === value);
        return alike ? [] : [`traces: ${JSON.stringify(ids)}`];
      }
      default:
        return [`nobody knows what is expected by agentSaw.${key}`];
    }
  });
}
