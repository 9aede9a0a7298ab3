// A test's agent that does what its caller's text says, step by step, and remembers what it saw of each call.
import { setTimeout } from "node:timers/promises";
import {
  type Agent,
  agentError,
  type Call,
  delta,
  finish,
  isMain,
  type Piece,
  serveAgent,
  usage,
} from "@smartcall/agent-kit";

/** What it saw of all calls with one id. */
interface Seen {
  calls: number;
  /** Calls that were told to stop before they had ended. */
  stopped: number;
  /** The time that each call had when it came, in milliseconds; null without a deadline. */
  readonly deadlinesMs: (number | null)[];
  readonly traceIds: string[];
}

const seen = new Map<string, Seen>();
/** How many came to each meeting. */
const meetings = new Map<string, number>();

/**
 * A text is `ID: STEP then STEP …`, with the steps of `does` below; `saw ID` is answered with what was seen
 * of the calls with that id, as JSON.
 */
export const scripted: Agent = {
  name: "scripted",
  description: "Does what it is told.",
  heartbeatMs: 100,
  async *stream(call) {
    const [, asked] = /^saw (\S+)$/.exec(call.lastUserText) ?? [];
    if (asked !== undefined) {
      yield delta(JSON.stringify(seen.get(asked) ?? { calls: 0 }));
      return;
    }
    const [, id, script] = /^(\S+): ?(.*)$/s.exec(call.lastUserText) ?? [];
    if (id === undefined || script === undefined) {
      throw agentError("INVALID_ARGUMENT", "Ask for `ID: STEP then STEP`, or `saw ID`.");
    }
    const mine = note(id, call);
    for (const step of script.split(" then ")) yield* run(step, call, mine);
  },
};

function note(id: string, { deadline, signal, traceId }: Call): Seen {
  const mine = seen.get(id) ?? { calls: 0, stopped: 0, deadlinesMs: [], traceIds: [] };
  seen.set(id, mine);
  mine.calls += 1;
  mine.deadlinesMs.push(deadline === undefined ? null : deadline.getTime() - Date.now());
  mine.traceIds.push(traceId);
  signal.addEventListener("abort", () => {
    mine.stopped += 1;
  });
  return mine;
}

/** What a step says, or nothing once it is over. */
type Step = (rest: string, call: Call, mine: Seen) => Iterable<Piece> | Promise<void>;

const does: Readonly<Record<string, Step>> = {
  /** `say one two`: a piece for each word. */
  say: (rest) => rest.split(/(?<= )/).map((word) => delta(word)),
  /** `long 2000`: that many words. */
  long: (rest) => Array.from({ length: Number(rest) }, () => delta("word ")),
  /** `messages`: how many messages it was asked with. */
  messages: (_, { messages }) => [delta(`${messages.length} messages`)],
  /** `wait 300`: milliseconds, with a heartbeat each 100. */
  wait: (rest, { signal }) => setTimeout(Number(rest), undefined, { signal }),
  /** `hold`: until the call is told to stop. */
  hold: (_, { signal }) => setTimeout(2 ** 30, undefined, { signal }),
  /** `meet NAME 2`: until two calls have come there. */
  async meet(rest, { signal }) {
    const [name = "", count] = rest.split(" ");
    meetings.set(name, (meetings.get(name) ?? 0) + 1);
    while ((meetings.get(name) ?? 0) < Number(count)) await setTimeout(20, undefined, { signal });
  },
  /** `use 3 5`: tokens read and written. */
  use(rest) {
    const [inputTokens = 0, outputTokens = 0] = rest.split(" ").map(Number);
    return [usage({ inputTokens, outputTokens })];
  },
  /** `finish length`. */
  finish: (rest) => [finish(rest === "length" ? "length" : "stop")],
  /** `fail RESOURCE_EXHAUSTED The ink is dry.` */
  fail(rest) {
    const [name = "", ...words] = rest.split(" ");
    const code = failures.find((one) => one === name);
    throw agentError(code ?? "INVALID_ARGUMENT", code ? words.join(" ") : `no code: ${name}`);
  },
  /** `refuse 2`: the first two calls with this id, as an agent that is full, for a second. */
  refuse(rest, _, { calls }) {
    if (calls > Number(rest)) return [];
    const details = { reason: "AGENT_OVERLOADED", retryAfterMs: 1000 };
    throw agentError("UNAVAILABLE", "All places are taken.", details);
  },
};

const failures = [
  "FAILED_PRECONDITION",
  "INTERNAL",
  "INVALID_ARGUMENT",
  "NOT_FOUND",
  "RESOURCE_EXHAUSTED",
] as const;

async function* run(step: string, call: Call, mine: Seen): AsyncIterable<Piece> {
  const [name = "", ...rest] = step.split(" ");
  if (name === "") return;
  const todo = Object.hasOwn(does, name) ? does[name] : undefined;
  if (todo === undefined) throw agentError("INVALID_ARGUMENT", `No step is called ${name}.`);
  const said = todo(rest.join(" "), call, mine);
  if (said instanceof Promise) await said;
  else yield* said;
}

if (isMain(import.meta.url)) serveAgent(scripted);
