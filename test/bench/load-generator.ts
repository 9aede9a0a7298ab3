// The load generator: a process of its own, the same for all that is measured, whose own time is not counted.
import { openGrpc } from "./load-grpc.ts";
import { openRest } from "./load-rest.ts";
import {
  type Answered,
  connections,
  type Door,
  type Phase,
  type PhaseResult,
} from "./load-types.ts";

/** What it is sent. */
export interface Asked {
  readonly id: number;
  readonly phase: Phase;
}

/** What it sends back. */
export interface Told {
  readonly id: number;
  readonly result: PhaseResult;
}

const doors = new Map<string, Door>();

process.on("message", (asked: Asked) => {
  void run(asked.phase).then((result) => process.send?.({ id: asked.id, result } satisfies Told));
});
process.on("disconnect", () => process.exit());

async function run(phase: Phase): Promise<PhaseResult> {
  const { target, kind, perSecond } = phase;
  const door = doorTo(phase);
  const answered: Answered[] = [];
  const problems: string[] = [];
  const sinceDue: number[] = [];
  const call = async (due: number): Promise<void> => {
    const late = Math.max(0, performance.now() - due);
    try {
      const answer = await door.call(kind);
      answered.push(answer);
      sinceDue.push(late + answer.whole);
    } catch (error) {
      problems.push(`${target.origin}: ${String(error)}`);
    }
  };
  const begin = performance.now();
  const end = begin + phase.milliseconds;
  await (perSecond === undefined
    ? asFastAsCan(call, end, phase.most)
    : atRate(call, end, perSecond));
  const seconds = (performance.now() - begin) / 1000;
  const [problem] = problems;
  return {
    calls: answered.length,
    failures: problems.length,
    ...(problem !== undefined && { problem }),
    seconds,
    events: answered.reduce((sum, { events }) => sum + events, 0),
    whole: answered.map(({ whole }) => whole),
    first: answered.map(({ first }) => first),
    sinceDue,
  };
}

function doorTo({ target }: Phase): Door {
  const key = `${target.protocol} ${target.origin} ${target.agent}`;
  const open = doors.get(key) ?? (target.protocol === "rest" ? openRest : openGrpc)(target);
  doors.set(key, open);
  return open;
}

async function asFastAsCan(
  call: (due: number) => Promise<void>,
  end: number,
  most = Number.POSITIVE_INFINITY,
): Promise<void> {
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < end && begun++ < most) await call(performance.now());
  };
  await Promise.all(Array.from({ length: connections }, lane));
}

/** Each call begins when it is due, whether or not those before it are answered; none begins after the end. */
async function atRate(
  call: (due: number) => Promise<void>,
  end: number,
  perSecond: number,
): Promise<void> {
  const begin = performance.now();
  const running: Promise<void>[] = [];
  for (let due = begin; due < end; due = begin + (running.length * 1000) / perSecond) {
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    if (performance.now() > end) break;
    running.push(call(due));
  }
  await Promise.all(running);
}
