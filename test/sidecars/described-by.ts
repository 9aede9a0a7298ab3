// A mesh of sidecars from the text of a page.
import { origin } from "../edge/mesh-of.ts";
import { writtenMesh } from "../edge/written-mesh.ts";
import type { Described } from "./mesh.ts";

/** The agents, routes and budgets of a `mesh.yaml`. */
export async function describedBy(text: string): Promise<Described> {
  const describeMesh = await writtenMesh(text, {});
  const certificate = { certificateChain: "", privateKey: "" };
  const gateway = { https: { address: "127.0.0.1", port: 1, certificate }, origin };
  const issuer = { name: "test", audiences: [], keys: '{"keys":[]}' };
  return describeMesh({ gateway, issuer, agentPort: 1, stuckPort: 1 });
}
