// What an agent's sidecars are given, as a configuration that an Envoy of its own could start from.

import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import { systemAuthorities, systemAuthoritiesSecret } from "@smartcall/envoy";
import { SecretSchema } from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/secret_pb.js";
import type { Mesh } from "../model/mesh.ts";
import { withTrust } from "./offline-mesh.ts";
import { plainBootstrap } from "./print.ts";
import { sidecarTranslation } from "./sidecar-translation.ts";
import { staticBootstrap } from "./static-bootstrap.ts";

/**
 * The bootstrap as plain data; see `staticBootstrap`. Undefined for an agent that the mesh
 * lacks.
 *
 * @param env of a process on the sidecar's machine: whom that believes
 */
export function renderSidecar(
  mesh: Mesh,
  agent: string,
  env: Readonly<Record<string, string | undefined>>,
): JsonValue | undefined {
  const given = sidecarTranslation(withTrust(mesh), agent);
  if (given === undefined) return undefined;
  const bootstrap = staticBootstrap(given, `agent/${agent}`);
  const believed = JSON.stringify(systemAuthoritiesSecret(systemAuthorities(env)));
  bootstrap.staticResources?.secrets.push(fromJson(SecretSchema, JSON.parse(believed)));
  return withoutSources(plainBootstrap(bootstrap));
}

/** Without a source, Envoy looks for a secret among the static ones. */
function withoutSources(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutSources);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, field]) =>
      key === "sds_config" ? [] : [[key, withoutSources(field)]],
    ),
  );
}
