// What stands above a printed configuration: of what it is, and what it is started with.

import { envoyVersion } from "@smartcall/envoy";
import { printable } from "@smartcall/runtime";
import type { MeshConfig } from "../../config/index.ts";
import { edgeVariables, egressVariable, nodeVariables } from "../../render/index.ts";

/** The lines, for gateways or for an agent's sidecars. */
export function heading(
  config: MeshConfig,
  path: string,
  agent: string | undefined,
): readonly string[] {
  const { issuerKeys } = edgeVariables;
  const remote = config.identity.filter(({ keys }) => keys.url !== undefined);
  return [
    ...(agent === undefined ? ofGateway(config, path) : ofSidecar(config, path, agent)),
    `and ${issuerKeys} (the public keys of tokens, a JSON Web Key Set).`,
    ...remote.map(
      ({ issuer }) =>
        `Tokens of ${printable(issuer.value)} are refused: only a control plane fetches its keys.`,
    ),
  ];
}

function ofGateway({ mesh }: MeshConfig, path: string): readonly string[] {
  const { certificate, key } = edgeVariables;
  const own = nodeVariables;
  return [
    `The mesh "${mesh}" (${path}) as one static configuration of Envoy ${envoyVersion}.`,
    `Envoy reads from its environment: ${certificate} and ${key} (PEM);`,
    `where instances are sidecars ${own.certificate}, ${own.key} and ${own.authority} (PEM);`,
  ];
}

function ofSidecar({ egress, mesh }: MeshConfig, path: string, agent: string): readonly string[] {
  const { authority, certificate, key } = nodeVariables;
  const keys = egress.flatMap(({ agents, key: own, name }) =>
    own !== undefined && (agents?.some(({ value }) => value === agent) ?? true)
      ? [`${egressVariable(name)} (the key of the egress ${name});`]
      : [],
  );
  return [
    `What the sidecars of ${agent} are given in the mesh "${mesh}" (${path}),`,
    `as one static configuration of Envoy ${envoyVersion}. It listens at ports that are free.`,
    `Envoy reads from its environment: ${certificate}, ${key} and ${authority} (PEM);`,
    ...keys,
  ];
}
