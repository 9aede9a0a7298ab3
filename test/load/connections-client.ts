// A process of many connections, whose own time and memory are not counted: it does what its parent orders.
import { setTimeout } from "node:timers/promises";
import { http1Lines } from "./connections-http1.ts";
import { http2Lines } from "./connections-http2.ts";
import { socketLines } from "./connections-socket.ts";
import type { Done, Line, LineKind, LinesTo, OpenLine, Order, Reply } from "./connections-types.ts";

/** What it is sent: first where to connect, then what to do, one after the other. */
export type Sent = { readonly to: LinesTo } | { readonly order: Order };

/** Handshakes at once: a client that begins more is slower, for its own processor. */
const handshakes = 16;
/** How many of what failed are told. */
const toldProblems = 3;

const kinds: Readonly<Record<LineKind, (to: LinesTo) => OpenLine>> = {
  http1: http1Lines,
  http2: http2Lines,
  socket: socketLines,
};

const lines: Line[] = [];
let open: OpenLine = () => Promise.reject(new Error("it was not told where to connect"));
let opened = 0;
let next = 0;

process.on("message", (sent: Sent) => {
  if ("to" in sent) open = kinds[sent.to.kind](sent.to);
  else void run(sent.order).then((done) => process.send?.(done));
});
process.on("disconnect", () => process.exit());

async function run(order: Order): Promise<Done> {
  if (order.do === "count") {
    const right = lines.filter((line) => line.isOpen()).length;
    return { right, refused: {}, failed: lines.length - right, problems: [] };
  }
  const tally = tallied();
  if (order.do === "open") await openMore(order, tally);
  else if (order.do === "use") {
    let left = order.calls;
    const lane = async (): Promise<void> => {
      while (left-- > 0) {
        const line = lines[next++ % lines.length];
        if (line === undefined) throw new Error("no connection is open");
        await tally.of(line.call(order.ask));
      }
    };
    await Promise.all(Array.from({ length: order.inFlight }, lane));
  } else {
    const asked = lines.flatMap((line) => Array.from({ length: order.each }, () => line));
    await Promise.all(asked.map((line) => tally.of(line.call(order.ask))));
  }
  return tally.done;
}

async function openMore(
  { count, perSecond }: { readonly count: number; readonly perSecond: number },
  tally: Tally,
): Promise<void> {
  const begin = performance.now();
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (begun < count) {
      const due = begin + (begun++ * 1_000) / perSecond;
      if (due > performance.now()) await setTimeout(due - performance.now());
      const line = open(opened++);
      await tally.of(line.then(() => ({ status: 200 as const })));
      await line.then((one) => lines.push(one)).catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: handshakes }, lane));
}

/** Counts how promises end. */
interface Tally {
  readonly done: Done;
  of(ends: Promise<Reply>): Promise<void>;
}

function tallied(): Tally {
  const problems: string[] = [];
  const refused: Record<string, number> = {};
  const done = { right: 0, refused, failed: 0, problems };
  return {
    done,
    of: async (ends) => {
      try {
        const { status, reason = "" } = await ends;
        if (status === 200) done.right += 1;
        else refused[reason] = (refused[reason] ?? 0) + 1;
      } catch (error) {
        done.failed += 1;
        if (problems.length < toldProblems) problems.push(String(error));
      }
    },
  };
}
