// A gateway's refusal as an operator reads it: file, line, caret, Envoy's words.

import { prettyDiagnostic, problem } from "../config/index.ts";
import type { Origin } from "../source/origin.ts";
import { answerMs, type Refusal } from "./rollout.ts";
import type { Version } from "./version.ts";

/**
 * Each problem as text.
 *
 * @param origins where each refused resource was written, as exactly as it is
 *   known; one that is not known is told at the beginning of the file
 */
export function refusalProblems(
  { config, from }: Version,
  refusal: Refusal,
  origins: readonly (Origin | undefined)[],
): readonly string[] {
  const texts = new Map(from.files.map(({ name, text }) => [name, text]));
  const show = (found: Parameters<typeof prettyDiagnostic>[0]): string =>
    prettyDiagnostic(found, texts.get(found.at.file));
  switch (refusal.by) {
    case "gateway": {
      const { node } = refusal;
      return refusal.resources.map(({ type, name, message }, index) => {
        const words = message.trim().replace(/\.$/, "") || "it gave no reason";
        const at = origins[index] ?? config.at;
        return show(problem("SC801", at, { node, type: inWords(type), name, words }));
      });
    }
    case "silence": {
      const seconds = String(answerMs / 1000);
      return [show(problem("SC802", config.at, { seconds, nodes: refusal.nodes.join(", ") }))];
    }
    case "us":
      return refusal.problems.map((text) => show(problem("SC803", config.at, { problem: text })));
  }
}

function inWords(type: string): string {
  return words.get(type) ?? type;
}

const words: ReadonlyMap<string, string> = new Map([
  ["route", "table of routes"],
  ["extension", "filter"],
  ["secret", "certificate"],
]);
