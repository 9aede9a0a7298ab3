// Documents as texts, kept as long as they stay the same.

import { remembered } from "../translate/index.ts";
import type { Described } from "./openapi/document.ts";
import { openApi } from "./openapi/document.ts";

/** How many are kept, and as many of before: readers with the same rights have one. */
const mostKept = 8;

/** Makes texts of documents, and the same text of the same only once. */
export function createDocuments(): (described: Described) => string {
  const kept = remembered<string>(mostKept);
  return (described) => {
    const { agents, ...rest } = described;
    const shown = agents.map(({ agent, description }) => [
      agent.name,
      agent.services?.id,
      agent.services && description,
    ]);
    return kept.of(JSON.stringify([rest, shown]), () => JSON.stringify(openApi(described)));
  };
}
