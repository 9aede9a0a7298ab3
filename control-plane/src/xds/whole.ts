// All of a type that a client is to hold, where a response tells it whole.

import { createHash } from "node:crypto";
import type { Resource } from "../snapshot/snapshot.ts";
import type { Answer } from "./answer.ts";
import type { Whole } from "./request.ts";
import { type Subscription, watches } from "./subscription.ts";

/**
 * What the client holds, with what it is to be told. What must not go yet, and
 * what waits or is refused, stays as the client has it: a response that left it
 * out would take it away.
 *
 * @param view all that the view has of the type, and its version
 */
export function wholeOf(subscription: Subscription, told: Answer, view: Whole): Whole {
  const resources = new Map<string, Resource>();
  const { base, held } = subscription;
  for (const [name, resource] of base === "unknown" ? [] : base.resources) {
    if (held.has(name) && watches(subscription, name)) resources.set(name, resource);
  }
  for (const name of told.removed) resources.delete(name);
  for (const resource of told.resources) resources.set(resource.name, resource);
  // Most often it is all of the view, which every node then shares.
  return isSame(resources, view.resources) ? view : { version: versionOf(resources), resources };
}

function isSame(
  some: ReadonlyMap<string, Resource>,
  others: ReadonlyMap<string, Resource>,
): boolean {
  if (some.size !== others.size) return false;
  for (const [name, { version }] of some) {
    if (others.get(name)?.version !== version) return false;
  }
  return true;
}

function versionOf(resources: ReadonlyMap<string, Resource>): string {
  const hash = createHash("sha256");
  const lines = [...resources.values()].map(({ name, version }) => `${name}\n${version}\n`);
  for (const line of lines.sort()) hash.update(line);
  return hash.digest("hex");
}
