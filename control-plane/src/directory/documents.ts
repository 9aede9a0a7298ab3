// Documents as texts, kept as long as they stay the same.

import type { Described } from "./openapi/document.ts";
import { openApi } from "./openapi/document.ts";

/** How many are kept: readers with the same rights have one. */
const mostKept = 16;

/** Makes texts of documents, and the same text of the same only once. */
export function createDocuments(): (described: Described) => string {
  const kept = new Map<string, string>();
  return (described) => {
    const { agents, ...rest } = described;
    const shown = agents.map(({ agent, description }) => [
      agent.name,
      agent.services?.id,
      agent.services && description,
    ]);
    const key = JSON.stringify([rest, shown]);
    const text = kept.get(key) ?? JSON.stringify(openApi(described));
    kept.delete(key);
    kept.set(key, text);
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    return text;
  };
}
