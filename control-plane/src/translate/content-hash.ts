// Tells whether a part of a mesh is the same as it was.

import { createHash } from "node:crypto";
import type { Agent } from "../model/mesh.ts";

/** SHA-256 of it, in hex: keys of issuers and of hosts may be in it, and it is kept. */
export function contentHash(content: unknown): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

/** Agents to be compared: gRPC services of their own are large, and known by their id. */
export function withServicesById(agents: readonly Pick<Agent, "services">[]): readonly unknown[] {
  return agents.map(({ services, ...agent }) => [agent, services?.id]);
}
