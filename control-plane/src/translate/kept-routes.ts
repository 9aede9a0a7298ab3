// Keeps a gateway's table of routes while instances come and go, of which it says nothing.

import type { RouteConfiguration } from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import type { Mesh } from "../model/mesh.ts";
import { contentHash, withServicesById } from "./content-hash.ts";
import type { Described } from "./described.ts";
import { remembered } from "./remembered.ts";
import { routes } from "./route.ts";
import { type RoutedMesh, routedOf } from "./routed-mesh.ts";

type Tables = readonly Described<RouteConfiguration>[];

/** The same as `routes`, made anew only where something of it is another. */
export function keptRoutes(whole: Mesh, contract: Uint8Array, listener: string): Tables {
  const mesh = routedOf(whole);
  const content = contentOf(mesh, contract, listener);
  return kept.of(content, () => asContent(content, () => routes(mesh, contract, listener)));
}

/** Of the files, that may be served in turn. */
const versions = 4;

const kept = remembered<Tables>(versions);
/** The contract is large, and always the same. */
const hashes = new WeakMap<Uint8Array, string>();

/**
 * With the messages made again where they are asked for again: they are large, and whoever
 * serialises one keeps its bytes by the content.
 */
function asContent(content: string, make: () => Tables): Tables {
  let made: Tables | undefined = make();
  return made.map(({ message: _, ...table }, index) => ({
    ...table,
    content: `${content} ${table.name}`,
    get message() {
      const tables = made ?? make();
      made = undefined;
      const found = tables[index];
      if (found === undefined) throw new Error(`There is no table ${table.name}.`);
      return found.message;
    },
  }));
}

function contentOf(mesh: RoutedMesh, contract: Uint8Array, listener: string): string {
  const ofContract = hashes.get(contract) ?? contentHash(Buffer.from(contract).toString("base64"));
  hashes.set(contract, ofContract);
  return contentHash([ofContract, listener, { ...mesh, agents: withServicesById(mesh.agents) }]);
}
