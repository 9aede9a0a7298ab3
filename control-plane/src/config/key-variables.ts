// Which variables of the environment hold keys.

import type { MeshConfig } from "./mesh-config.ts";

/** The variables that a mesh names: what they hold is for the control plane alone. */
export function keyVariables({ egress }: MeshConfig): readonly string[] {
  return egress.flatMap(({ key }) => (key?.env === undefined ? [] : [key.env.value]));
}
