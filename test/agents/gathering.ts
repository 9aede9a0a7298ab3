// A test's agent that holds calls: for a time, or until as many have come together as each says.
import { setTimeout } from "node:timers/promises";
import { type Agent, agentError, delta, isMain, serveAgent } from "@smartcall/agent-kit";

/** How long they wait for each other, in milliseconds. */
const patienceMs = 120_000;

/** Those that have come somewhere, and what wakes them. */
interface Gathering {
  come: number;
  readonly all: Promise<void>;
  wake(): void;
}

const gatherings = new Map<string, Gathering>();

/**
 * `wait 2000` is answered after that many milliseconds, `gather NAME 100` once a hundred have said so,
 * and `gather NAME 100 5000` five seconds later.
 */
export const gathering: Agent = {
  name: "gathering",
  description: "Holds calls.",
  async *stream({ lastUserText, signal }) {
    const [step, name = "", count, after = 0] = lastUserText.split(" ");
    if (step === "wait") await setTimeout(Number(name), undefined, { signal });
    else if (step === "gather") {
      await gather(name, Number(count), signal);
      await setTimeout(Number(after), undefined, { signal });
    } else throw agentError("INVALID_ARGUMENT", "Ask for `wait 2000`, or `gather NAME 100`.");
    yield delta(lastUserText);
  },
};

async function gather(name: string, count: number, signal: AbortSignal): Promise<void> {
  const here = gatherings.get(name) ?? opened();
  gatherings.set(name, here);
  here.come += 1;
  if (here.come >= count) here.wake();
  const late = new AbortController();
  const wait = setTimeout(patienceMs, true, { signal: AbortSignal.any([signal, late.signal]) });
  const isLate = await Promise.race([wait, here.all.then(() => false)]);
  late.abort();
  await wait.catch(() => undefined);
  if (isLate) throw agentError("INTERNAL", `Of ${count} only ${here.come} came.`);
}

function opened(): Gathering {
  let wake = (): void => undefined;
  const all = new Promise<void>((resolve) => {
    wake = resolve;
  });
  return { come: 0, all, wake: () => wake() };
}

if (isMain(import.meta.url)) serveAgent(gathering);
