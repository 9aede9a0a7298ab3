// Starts the load generator, and asks it for calls.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Asked, Told } from "./load-generator.ts";
import type { Phase, PhaseResult } from "./load-types.ts";

/** A load generator that runs. */
export interface Generator {
  readonly pid: number;
  run(phase: Phase): Promise<PhaseResult>;
  stop(): void;
}

/** Who waits for the result of a phase. */
interface Waiting {
  resolve(result: PhaseResult): void;
  reject(error: Error): void;
}

/** Starts it. Phases may overlap. */
export function startGenerator(): Generator {
  const child = fork(fileURLToPath(new URL("load-generator.js", import.meta.url)), {
    serialization: "advanced",
  });
  const waiting = new Map<number, Waiting>();
  let next = 0;
  child.on("message", ({ id, result }: Told) => {
    waiting.get(id)?.resolve(result);
    waiting.delete(id);
  });
  child.once("exit", () => {
    for (const { reject } of waiting.values()) reject(new Error("the load generator ended"));
    waiting.clear();
  });
  return {
    pid: child.pid ?? Number.NaN,
    run: (phase) =>
      new Promise((resolve, reject) => {
        const id = next++;
        waiting.set(id, { resolve, reject });
        child.send({ id, phase } satisfies Asked);
      }),
    stop: () => void child.kill(),
  };
}
