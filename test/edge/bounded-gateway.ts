// The gateway of docs/gateway-bounds.md, and how its refusals are told.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Mesh } from "@smartcall/control-plane/dist/model/mesh.js";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { detailOf } from "../harness/error-details.ts";
import { expectRefusal } from "../harness/expect-refusal.ts";
import type { Http2Reply } from "../harness/http2.ts";
import { textAt } from "../harness/json.ts";
import type { RestReply } from "../harness/rest.ts";
import type { MeshParts } from "./mesh-of.ts";
import type { ObedientAgent } from "./obedient-agent.ts";
import { writtenMesh } from "./written-mesh.ts";

const page = readFileSync(join(root, "docs", "gateway-bounds.md"), "utf8");

/** The mesh that the page shows. */
export const [, boundedMesh = ""] = /^```yaml\n([\s\S]*?)^```$/m.exec(page) ?? [];

/** A mesh with the agent behind `echo`. */
export function withEcho(
  text: string,
  { port }: ObedientAgent,
): Promise<(parts: MeshParts) => Mesh> {
  const address = { kind: "ip", host: "127.0.0.1", port } as const;
  const instance = { id: "one", healthy: true, zone: "here", version: "1", address };
  return writtenMesh(text, {}, { instances: () => new Map([["echo", [instance]]]) });
}

/** Fails where the reply is no refusal by this bound. */
export function expectBeyond(reply: RestReply, http: number, reason: string, bound: string): void {
  const code = http === 408 ? "DEADLINE_EXCEEDED" : "INVALID_ARGUMENT";
  expectRefusal(reply, http, code, reason);
  const rule = `gateway.bounds.${bound}`;
  expect(reply.headers["smartcall-rule"]).to.equal(rule);
  expect(textAt(detailOf(reply, "ErrorInfo"), "metadata", "rule")).to.equal(rule);
  expect(textAt(detailOf(reply, "ErrorInfo"), "metadata", "fault")).to.equal("client");
}

/** Fails where the stream was reset. */
export function answered(reply: Http2Reply): RestReply {
  if ("reset" in reply) throw new Error(`the stream was reset: ${reply.reset}`);
  return reply;
}
