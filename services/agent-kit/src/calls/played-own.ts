// A call of a method of an agent's own without a wire: the same machine, and the same bytes.

import { PassThrough } from "node:stream";
import { agentError } from "../agent-error.ts";
import type { Caller, Host } from "../host.ts";
import { attendOwn } from "../own/attend-own.ts";
import type { OwnMethod } from "../own/own-method.ts";
import { answersOf, doorOf } from "../own/serve-own.ts";
import { writeEvent } from "../write-events.ts";

/** Every answer as it comes. Throws an AgentError where the call fails. */
export async function* playOwn<Request, Response>(
  host: Host,
  method: OwnMethod<Request, Response>,
  request: Request,
  caller: Omit<Caller, "door">,
): AsyncGenerator<Response, void, void> {
  const { definition, handler } = servedAt(host, method.path);
  const left = new AbortController();
  const asked: unknown = definition.requestDeserialize(method.requestSerialize(request));
  const answers = new PassThrough({ objectMode: true, highWaterMark: 1 });
  const leave = (): void => left.abort(caller.signal.reason);
  if (caller.signal.aborted) leave();
  caller.signal.addEventListener("abort", leave, { once: true });
  const { signal } = left;
  attendOwn(host, { ...caller, door: doorOf(method.path), signal }, async (call) => {
    const given: unknown = Reflect.apply(handler, undefined, [
      definition.requestStream ? once(asked) : asked,
      call,
    ]);
    const all = definition.responseStream ? answersOf(method.path, given) : once(await given);
    for await (const each of all) {
      if (call.signal.aborted) return;
      await writeEvent(answers, definition.responseSerialize(each), call.signal);
    }
  }).then(
    ({ error }) => {
      if (error === undefined) answers.end();
      else answers.destroy(error);
    },
    (bug: unknown) => answers.destroy(bug instanceof Error ? bug : new Error(String(bug))),
  );
  try {
    for await (const bytes of answers) yield method.responseDeserialize(bytes);
  } finally {
    caller.signal.removeEventListener("abort", leave);
    left.abort();
  }
}

/** The one answer. */
export async function wholeOwn<Response>(
  answers: AsyncGenerator<Response, void, void>,
): Promise<Response> {
  const all: Response[] = [];
  // To its end: a call that is left before it counts as cancelled.
  for await (const answer of answers) all.push(answer);
  const [first] = all;
  if (first === undefined) throw agentError("INTERNAL", "the method gave no answer");
  return first;
}

function servedAt({ agent }: Host, path: string) {
  for (const { definition, handlers } of agent.services ?? []) {
    for (const [name, each] of Object.entries(definition)) {
      const handler = handlers[name];
      if (each.path === path && handler !== undefined) return { definition: each, handler };
    }
  }
  throw agentError("UNIMPLEMENTED", `${agent.name} does not serve ${path}: add it to services`, {
    reason: "UNKNOWN_SERVICE",
  });
}

async function* once<T>(one: T): AsyncGenerator<T, void, void> {
  yield one;
}
