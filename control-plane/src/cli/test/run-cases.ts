// Runs cases against a gateway, many at once.

import type { TestCase } from "../../config/index.ts";
import { issuerOf, mintToken } from "../../state/index.ts";
import type { Gateway } from "./gateway.ts";
import { type CaseOutcome, outcomeOf } from "./outcome.ts";
import { type Reply, sendCall } from "./send-call.ts";
import { verdict, type Wrong } from "./verdict.ts";

/** A case that was run. */
export interface CaseResult {
  readonly case: TestCase;
  readonly outcome: CaseOutcome;
  /** Undefined where it passed. */
  readonly wrong: Wrong | undefined;
}

const atOnce = 50;
const tokenLifetimeMs = 3_600_000;
/** How long Envoy may take to write its log, in milliseconds. */
const logMs = 3_000;

/** The results in the order of the cases; those that `signal` left out are missing. */
export async function runCases(
  cases: readonly TestCase[],
  gateway: Gateway,
  signal: AbortSignal,
): Promise<readonly CaseResult[]> {
  const replies = new Map<TestCase, Reply>();
  const queue = cases.values();
  const worker = async (): Promise<void> => {
    for (const one of queue) {
      if (signal.aborted) return;
      replies.set(one, await sendCall(gateway.session, one.call, tokenFor(one, gateway)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const ids = [...replies.values()].flatMap((reply) =>
    "requestId" in reply ? reply.requestId : [],
  );
  await written(ids, gateway);
  return cases.flatMap((one) => {
    const reply = replies.get(one);
    if (reply === undefined) return [];
    const name = "requestId" in reply ? gateway.log.routeOf(reply.requestId) : undefined;
    const outcome = outcomeOf(reply, name, gateway.mesh);
    return [{ case: one, outcome, wrong: verdict(one, outcome) }];
  });
}

/** Every token says something of its own, so there is none to keep. */
function tokenFor({ caller }: TestCase, { mesh, keys }: Gateway): string | undefined {
  if (caller === undefined) return undefined;
  const request = { ...caller, mesh: mesh.name, lifetimeMs: tokenLifetimeMs };
  const minted = mintToken(keys, request, new Date());
  if (!minted.ok) throw new Error(`${minted.problem.message} (${issuerOf(mesh.name)})`);
  return minted.value.token;
}

async function written(ids: readonly string[], { log }: Gateway): Promise<void> {
  const end = performance.now() + logMs;
  while (!ids.every((id) => log.has(id)) && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
