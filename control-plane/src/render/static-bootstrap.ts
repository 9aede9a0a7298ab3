// A translated mesh as one file that an Envoy can start from, without a control plane.

import { create } from "@bufbuild/protobuf";
import {
  type Bootstrap,
  BootstrapSchema,
} from "@smartcall/envoy/api/envoy/config/bootstrap/v3/bootstrap_pb.js";
import type { Translation } from "../translate/index.ts";
import { staticClusters } from "./static-cluster.ts";
import { staticListener } from "./static-listener.ts";
import { staticSecret } from "./static-secret.ts";

/**
 * The bootstrap: all that the gateways, or an agent's sidecars, are served, as static
 * resources. It holds no secret, and nothing that is not in the mesh's files or told of its
 * instances: Envoy reads all else from its environment, see `edgeVariables`.
 *
 * @param cluster of the node, such as `agent/planner`
 */
export function staticBootstrap(translation: Translation, cluster = "gateway"): Bootstrap {
  return create(BootstrapSchema, {
    node: { id: "static", cluster },
    staticResources: {
      listeners: translation.listener.map(({ message }) => staticListener(message, translation)),
      clusters: staticClusters(translation),
      secrets: translation.secret.map(({ message }) => staticSecret(message)),
    },
  });
}
