// Loaded into the control plane's process before it: tells what it holds, when it is asked, and
// is the gateways of one process as well, to compare with servers that are measured like that.
import type { Order, Worker } from "./xds-worker.ts";

/** What the process holds after its garbage was collected. */
export interface Held {
  readonly kind: "held";
  readonly heapMegabytes: number;
  /** Outside the heap: what is still to be written, above all. */
  readonly bufferMegabytes: number;
  /** Open handles and requests, by kind. */
  readonly open: Readonly<Record<string, number>>;
}

const megabyte = 1024 ** 2;

const nodes = (): Promise<typeof import("./xds-worker.ts")> => import("./xds-worker.ts");
let worker: Promise<Worker> | undefined;

process.on("message", (message: "held" | Order) => {
  if (message !== "held") {
    worker ??= nodes().then(({ Worker }) => new Worker());
    void Promise.all([nodes(), worker])
      .then(([{ answerTo }, own]) => answerTo(own, message))
      .then((done) => process.send?.(done));
    return;
  }
  // What has been given up in this turn is found in the next.
  setTimeout(() => {
    globalThis.gc?.();
    globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    const open: Record<string, number> = {};
    for (const kind of process.getActiveResourcesInfo()) open[kind] = (open[kind] ?? 0) + 1;
    const held: Held = {
      kind: "held",
      heapMegabytes: heapUsed / megabyte,
      bufferMegabytes: arrayBuffers / megabyte,
      open,
    };
    process.send?.(held);
  }, 500);
});
