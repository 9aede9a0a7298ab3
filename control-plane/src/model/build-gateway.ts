// Makes of what operators wrote what the gateways listen with, and whose tokens they take.

import type { BoundsConfig, DocsConfig } from "../config/gateway-config.ts";
import type { MeshConfig } from "../config/mesh-config.ts";
import { audience, issuerOf } from "../state/index.ts";
import type { Allow } from "./allow.ts";
import type { Bounds } from "./bounds.ts";
import type { Material } from "./build-mesh.ts";
import type { Issuer } from "./issuer.ts";
import type { Gateway } from "./mesh.ts";

/** What every gateway listens with. */
export function gatewayOf({ gateway }: MeshConfig, material: Material): Gateway {
  const { bounds, clients, cors, docs, https } = gateway;
  const { certificate } = https;
  const authorities = clients && material.clientAuthorities;
  return {
    https: {
      address: https.address.value,
      port: https.port,
      certificate: material.certificate,
      certificateOrigin: certificate.kind === "files" ? certificate.cert.at : undefined,
    },
    ...(bounds && { bounds: boundsOf(bounds) }),
    ...(cors && { corsOrigins: cors.origins }),
    ...(docs.kind !== "off" && { docs: readersOf(docs) }),
    ...(authorities !== undefined && { clientAuthorities: authorities }),
    // What a gateway most often cannot do is listen there.
    origin: https.address.at,
  };
}

function readersOf(docs: Exclude<DocsConfig, { readonly kind: "off" }>): Allow {
  return docs.kind === "public" ? docs : { kind: "callers", scopes: [...docs.scopes].sort() };
}

function boundsOf(bounds: BoundsConfig): Partial<Bounds> {
  const { body, calls, connections, headers, headersTime, idle } = bounds;
  const { newConnections, path, requestTime, streams } = bounds;
  return {
    ...(body && { bodyBytes: body.value }),
    // To Envoy it is a number of KiB.
    ...(headers && { headersKiB: Math.ceil(headers.value / 1024) }),
    ...(path && { pathBytes: path.value }),
    ...(connections && { connections: connections.value }),
    ...(newConnections && { newConnectionsPerSecond: newConnections.value }),
    ...(streams && { streamsPerConnection: streams.value }),
    ...(calls && { calls: calls.value }),
    ...(idle && { idleMs: idle.value }),
    ...(headersTime && { headersMs: headersTime.value }),
    ...(requestTime && { requestMs: requestTime.value }),
  };
}

/**
 * Whose tokens are taken. An issuer whose keys are not there yet is left out, and
 * its tokens are refused.
 */
export function issuersOf(config: MeshConfig, material: Material): readonly Issuer[] {
  const others = config.identity.flatMap(({ audiences, issuer, keys }): readonly Issuer[] => {
    const known = keys.file && material.issuerFiles?.get(issuer.value);
    return known === undefined
      ? []
      : [{ name: issuer.value, audiences, keys: known, origin: issuer.at }];
  });
  return [
    { name: issuerOf(config.mesh), audiences: [audience], keys: material.issuerKeys },
    ...[...(material.issuers ?? []), ...others].sort((a, b) => (a.name < b.name ? -1 : 1)),
  ];
}
