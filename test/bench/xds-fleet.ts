// Many simulated gateways, in processes of their own.
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Done, Order, Sought } from "./xds-worker.ts";

/** Many gateways. Moments are those of the machine's steady clock, in milliseconds, one for each node. */
export interface Fleet {
  /** Connects all; resolves with the moments at which each held everything. */
  open(port: number, joinToken: string): Promise<readonly number[]>;
  /** Begins to look for a change at all of them; resolves with when each was told of it. */
  watch(sought: Sought): Promise<readonly number[]>;
  /** A sentence for each that does not hold exactly what one is told that has only just come. */
  check(port: number, joinToken: string): Promise<readonly string[]>;
  /** Connects that many more that read nothing. */
  stall(count: number, port: number, joinToken: string): Promise<void>;
  /** Connects and closes that many more, one after another. */
  cycle(count: number, port: number, joinToken: string): Promise<void>;
  /** The processes. */
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL("xds-worker.js", import.meta.url));

/** Starts the processes; nothing is connected yet. */
export function startFleet(nodes: number, processes: number): Fleet {
  const workers = Array.from({ length: processes }, () =>
    fork(program, ["worker"], { execArgv: ["--max-semi-space-size=32"] }),
  );
  return fleetOf(nodes, workers);
}

/** A fleet in a process that is there, and that its starter stops. */
export function fleetWithin(nodes: number, process: ChildProcess): Fleet {
  return { ...fleetOf(nodes, [process]), pids: [], stop: async () => undefined };
}

function fleetOf(nodes: number, workers: readonly ChildProcess[]): Fleet {
  const share = Math.ceil(nodes / workers.length);
  const [first] = workers;
  if (first === undefined) throw new Error("no processes");
  const all = async (order: (index: number) => Order): Promise<readonly number[]> =>
    (await Promise.all(workers.map((worker, index) => tell(worker, order(index))))).flatMap(
      ({ moments }) => moments,
    );
  return {
    open: (port, joinToken) =>
      all((index) => ({
        kind: "open",
        first: index * share,
        count: Math.min(share, nodes - index * share),
        port,
        joinToken,
      })),
    watch: (sought) => all(() => ({ kind: "watch", ...sought })),
    check: async (port, joinToken) =>
      (
        await Promise.all(workers.map((worker) => tell(worker, { kind: "check", port, joinToken })))
      ).flatMap(({ wrong }) => wrong ?? []),
    async stall(count, port, joinToken) {
      await tell(first, { kind: "stall", count, port, joinToken });
    },
    async cycle(count, port, joinToken) {
      await tell(first, { kind: "cycle", count, port, joinToken });
    },
    pids: workers.flatMap(({ pid }) => pid ?? []),
    async stop() {
      await Promise.all(
        workers.map((worker) => {
          if (worker.exitCode !== null || worker.signalCode !== null) return undefined;
          const ended = new Promise((resolve) => worker.once("exit", resolve));
          worker.kill("SIGKILL");
          return ended;
        }),
      );
    },
  };
}

function tell(worker: ChildProcess, order: Order): Promise<Pick<Done, "moments" | "wrong">> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null): void =>
      reject(new Error(`a process of nodes ended with ${code}`));
    worker.once("exit", gone);
    const hear = (message: Partial<Done>): void => {
      if (message.kind !== "done") return;
      worker.off("exit", gone);
      worker.off("message", hear);
      resolve({ ...message, moments: message.moments ?? [] });
    };
    worker.on("message", hear);
    worker.send(order);
  });
}
