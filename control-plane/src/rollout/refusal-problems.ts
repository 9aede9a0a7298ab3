// A gateway's refusal as an operator reads it: file, line, caret, Envoy's words.

import { type Diagnostic, prettyDiagnostic, problem } from "../config/index.ts";
import type { Origin } from "../source/origin.ts";
import type { Refusal, RefusedResource, Refusing } from "./rollout.ts";
import type { Version } from "./version.ts";

/**
 * Each problem as text.
 *
 * @param origins where each refused resource was written, as exactly as it is
 *   known; one that is not known is told of the file as a whole
 * @param astray gateways that are not back on what they had
 */
export function refusalProblems(
  version: Version,
  refusal: Refusal,
  origins: readonly (Origin | undefined)[],
  astray: readonly Refusing[],
): readonly string[] {
  const { config, from } = version;
  const texts = new Map(from.files.map(({ name, text }) => [name, text]));
  const back = (found: Diagnostic): Diagnostic =>
    astray.length === 0 ? found : { ...found, hint: found.hint?.replace(allBack, "").trim() };
  switch (refusal.by) {
    case "gateway": {
      const { node } = refusal;
      const problems = refusal.resources.map((resource, index) => {
        const values = { node, ...inWords(resource) };
        const at = origins[index];
        return at === undefined
          ? aboutFile(back(problem("SC805", config.at, values)))
          : prettyDiagnostic(back(problem("SC801", at, values)), texts.get(at.file));
      });
      return [...problems, ...astrayProblems(version, astray)];
    }
    case "silence": {
      const seconds = String(Math.round(refusal.ms / 1000));
      const nodes = refusal.nodes.join(", ");
      return [aboutFile(problem("SC802", config.at, { seconds, nodes }))];
    }
    case "us":
      return refusal.problems.map((text) =>
        aboutFile(problem("SC803", config.at, { problem: text })),
      );
  }
}

/** What gateways refuse as they did before a change that is taken; each as text. */
export function stillProblems(
  { config }: Version,
  refusing: readonly Refusing[],
): readonly string[] {
  return refusing.flatMap(({ node, resources }) =>
    resources.map((resource) =>
      aboutFile(problem("SC807", config.at, { node, ...inWords(resource) })),
    ),
  );
}

function astrayProblems({ config }: Version, astray: readonly Refusing[]): readonly string[] {
  return astray.map(({ node, resources }) => {
    const refused = resources.map((resource) => {
      const { type, name, words } = inWords(resource);
      return `it refuses the ${type} \`${name}\`: ${words}`;
    });
    const words = refused.join("; ") || "it has not answered";
    return aboutFile(problem("SC806", config.at, { node, words }));
  });
}

const allBack = "Every gateway has what it had before.";

/** Of no line: the first one has no part in it. */
function aboutFile(found: Diagnostic): string {
  const { file, line, column } = found.at;
  return prettyDiagnostic(found).replace(`${file}:${line}:${column}`, file);
}

function inWords({ type, name, message }: RefusedResource) {
  const words = message.trim().replace(/\.$/, "") || "it gave no reason";
  return { type: typeWords.get(type) ?? type, name, words };
}

const typeWords: ReadonlyMap<string, string> = new Map([
  ["route", "table of routes"],
  ["extension", "filter"],
  ["secret", "certificate"],
]);
