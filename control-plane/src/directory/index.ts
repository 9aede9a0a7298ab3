// The door: what a mesh tells its callers of itself.

export { createDocuments } from "./documents.ts";
export { type KnownAgent, knownAgents } from "./known-agents.ts";
export { openApi } from "./openapi/document.ts";
export { type PageFile, pageFile } from "./page/page-files.ts";
export { serveReflection } from "./reflection.ts";
export { serveDirectory } from "./serve-directory.ts";
