// Makes of what operators wrote of hosts outside the mesh what sidecars are told.

import type { EgressConfig } from "../config/egress-config.ts";
import { standardHeader } from "../config/language/egress.ts";
import type { MeshConfig } from "../config/mesh-config.ts";
import { compare } from "../source/compare.ts";
import type { Material } from "./build-mesh.ts";
import type { Egress, EgressKey } from "./egress.ts";

/** The hosts, by name. */
export function egressOf(config: MeshConfig, material: Material): readonly Egress[] {
  return config.egress
    .map((egress): Egress => {
      const { agents, at, host, name, port, timeout } = egress;
      const authorities = egress.ca && material.egressAuthorities?.get(name);
      // Without them more would be believed than was meant, and without the key others be asked as nobody.
      if (egress.ca !== undefined && authorities === undefined) throw notGiven("authorities", name);
      const key = keyOf(egress, material);
      return {
        name,
        host,
        port,
        ...(authorities !== undefined && { authorities }),
        ...(key && { key }),
        ...(agents && {
          agents: [...new Set(agents.map(({ value }) => value))].sort(compare),
        }),
        timeoutMs: timeout,
        origin: at,
      };
    })
    .sort((a, b) => compare(a.name, b.name));
}

function keyOf({ header, key, name, prefix }: EgressConfig, material: Material) {
  if (key === undefined) return undefined;
  const value = material.egressKeys?.get(name);
  if (value === undefined) throw notGiven("key", name);
  const to = header?.value ?? standardHeader;
  const before = prefix?.value ?? (to === standardHeader ? "Bearer " : "");
  return { header: to, prefix: before, value } satisfies EgressKey;
}

function notGiven(what: string, name: string): Error {
  return new Error(`The ${what} of the egress ${name} was not given.`);
}
