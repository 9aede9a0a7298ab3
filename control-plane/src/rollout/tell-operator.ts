// What becomes of changes, in the log, in the metrics, and in the terminal.

import type { ServingTold } from "./serving.ts";

/** Where operators are told. */
export interface Ears {
  readonly log: Record<"info" | "warn" | "error", (fields: object, message: string) => void>;
  readonly metrics: { configRefused(): void; servesLastGood(value: boolean): void };
  /** Says something to the person at the terminal. */
  readonly say: (text: string) => void;
  /** The same, about what keeps a mesh from starting. */
  readonly stuck: (text: string) => void;
}

/** Tells operators of everything, and those at the terminal of what they saved. */
export function tellOperator({ log, metrics, say, stuck }: Ears): ServingTold {
  return {
    served({ asked, from, restored, warnings }, silent, problems) {
      metrics.servesLastGood(restored);
      log.info({ hash: from.hash, who: asked.who }, "mesh.yaml is served");
      for (const warning of warnings) log.warn({ warning }, "mesh.yaml is served, but");
      for (const node of silent) log.warn({ node }, "a gateway has not said yet that it took this");
      for (const problem of problems) log.error({ problem }, "a gateway does not have all of this");
      say("mesh.yaml is taken, and what it says is served.");
      if (problems.length > 0) say(problems.join("\n\n"));
      if (warnings.length > 0) say(`mesh.yaml is served, but:\n${warnings.join("\n\n")}`);
    },
    refused(problems, { what, who }) {
      metrics.configRefused();
      if (what === "apply") {
        for (const problem of problems) log.error({ problem, who }, "what was applied is refused");
        return;
      }
      metrics.servesLastGood(true);
      for (const problem of problems) log.error({ problem }, "mesh.yaml is refused");
      say(`mesh.yaml is refused, and nothing has changed:\n${problems.join("\n\n")}`);
    },
    doubted(problems) {
      for (const problem of problems) log.error({ problem }, "a gateway refuses what is served");
      stuck(`A gateway refuses mesh.yaml, and there is nothing older:\n${problems.join("\n\n")}`);
    },
    renewed({ from }) {
      log.info({ hash: from.hash }, "a file that mesh.yaml names has changed, and is served");
    },
  };
}
