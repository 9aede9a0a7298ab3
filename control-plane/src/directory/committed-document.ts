// The document of `docs/openapi.json`: the contract, which any mesh answers to.

import { standardDocs } from "../config/language/docs.ts";
import { openApi } from "./openapi/document.ts";

/** Its text, as it should be. */
export function committedDocument(): string {
  const docs =
    standardDocs.kind === "scopes" ? { ...standardDocs, kind: "callers" as const } : undefined;
  return `${JSON.stringify(openApi({ agents: [], docs }), null, 2)}\n`;
}
