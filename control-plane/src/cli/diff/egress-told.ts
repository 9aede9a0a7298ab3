// Hosts outside the mesh, each in words.

import { formatAddress } from "@smartcall/runtime";
import type { EgressConfig } from "../../config/egress-config.ts";
import type { MeshConfig } from "../../config/index.ts";
import { standardHeader } from "../../config/language/egress.ts";
import { standardTimeoutMs } from "../../config/language/standard-timeout.ts";
import { duration } from "../routes/route-words.ts";
import type { Told } from "./compare-meshes.ts";

/** What agents may call outside; of keys only where they are. */
export function egressTold({ egress }: MeshConfig): readonly Told[] {
  return egress.map((each) => ({ name: each.name, words: egressWords(each), origin: each.at }));
}

function egressWords(egress: EgressConfig): string {
  const { agents, ca, header, host, key, port, prefix, timeout } = egress;
  const source = key?.env === undefined ? key?.file?.value : `variable ${key.env.value}`;
  const to = header?.value ?? standardHeader;
  return [
    formatAddress({ host, port }),
    ...(ca === undefined ? [] : [`by ${ca.file}`]),
    ...(source === undefined ? [] : [`key from ${source} in ${to}`]),
    ...(prefix === undefined ? [] : [`after "${prefix.value}"`]),
    agents === undefined
      ? "for all agents"
      : `for ${agents
          .map(({ value }) => value)
          .sort()
          .join(", ")}`,
    ...(timeout === standardTimeoutMs ? [] : [`at most ${duration(timeout)}`]),
  ].join(", ");
}
