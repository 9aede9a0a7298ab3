// What a gateway asks, as the one descriptor that it sends says it.

import type { Usage } from "../ledger/level.ts";
import { readUsage } from "./usage.ts";

/** A descriptor of Envoy's rate-limit protocol, as far as we read it. */
export interface Descriptor {
  readonly entries: readonly { readonly key: string; readonly value: string }[];
}

/** What is asked. */
export type Ask =
  | {
      readonly phase: "reserve";
      readonly route: string;
      readonly id: string;
      /** One agent called another: only the budget counts. */
      readonly inside: boolean;
      /** By what they are, such as `subject` or `claim:team`. */
      readonly keys: ReadonlyMap<string, string>;
    }
  | { readonly phase: "settle"; readonly id: string; readonly usage: Usage };

/** Envoy gives an address's entry this key, and no other can be asked for. */
const addressKey = "masked_remote_address";

/** The first descriptor that says its phase; undefined where there is none with all that it needs. */
export function readAsk(descriptors: readonly Descriptor[]): Ask | undefined {
  for (const { entries } of descriptors) {
    const said = new Map(entries.map(({ key, value }) => [key, value]));
    const id = said.get("id") ?? "";
    const route = said.get("route") ?? "";
    if (id === "") continue;
    if (said.get("phase") === "reserve" && route !== "") {
      const keys = [...said].flatMap(([key, value]): [string, string][] => {
        if (key === addressKey) return [["address", value]];
        return key.startsWith("by:") ? [[key.slice("by:".length), value]] : [];
      });
      const inside = said.get("inside") === "yes";
      return { phase: "reserve", route, id, inside, keys: new Map(keys) };
    }
    if (said.get("phase") === "settle") {
      const usage = readUsage(said.get("usage") ?? "none");
      // What nobody knows of a call that no agent was told of is nothing.
      const unsent = usage.kind === "unknown" && said.get("reached") === "no";
      return { phase: "settle", id, usage: unsent ? { kind: "unsent" } : usage };
    }
  }
  return undefined;
}
