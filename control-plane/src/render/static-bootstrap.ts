// A translated mesh as one file that an Envoy can start from, without a control plane.

import { create } from "@bufbuild/protobuf";
import {
  type Bootstrap,
  BootstrapSchema,
} from "@smartcall/envoy/api/envoy/config/bootstrap/v3/bootstrap_pb.js";
import {
  type Secret,
  SecretSchema,
} from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/secret_pb.js";
import type { Translation } from "../translate/index.ts";
import { edgeVariables } from "./edge-variables.ts";
import { staticClusters } from "./static-cluster.ts";
import { staticListener } from "./static-listener.ts";

/**
 * The bootstrap: all that the gateways are served, as static resources. It holds
 * no secret, and nothing that is not in the mesh's files or told of its
 * instances: Envoy reads all else from `edgeVariables`.
 */
export function staticBootstrap(translation: Translation): Bootstrap {
  return create(BootstrapSchema, {
    node: { id: "static", cluster: "gateway" },
    staticResources: {
      listeners: translation.listener.map(({ message }) => staticListener(message, translation)),
      clusters: staticClusters(translation),
      secrets: translation.secret.map(({ message }) => staticSecret(message)),
    },
  });
}

/** The certificates of authorities are in no way secret. */
function staticSecret(secret: Secret): Secret {
  if (secret.type.case === "validationContext") return secret;
  return create(SecretSchema, {
    name: secret.name,
    type: {
      case: "tlsCertificate",
      value: {
        certificateChain: fromEnvironment(edgeVariables.certificate),
        privateKey: fromEnvironment(edgeVariables.key),
      },
    },
  });
}

function fromEnvironment(value: string) {
  return { specifier: { case: "environmentVariable" as const, value } };
}
