// The gateway's certificate and key, and whom it believes about its clients.

import { create } from "@bufbuild/protobuf";
import {
  type Secret,
  SecretSchema,
} from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/secret_pb.js";
import type { Mesh } from "../model/mesh.ts";
import type { Described } from "./described.ts";
import { certificateSecret, meshSecrets } from "./mesh-tls.ts";
import { names } from "./names.ts";

/**
 * What the gateway proves itself with to its callers, and what they may prove
 * themselves with. The listener always names both, so that no change of either
 * touches it; with no authorities Envoy asks its clients for nothing.
 */
export function secrets(mesh: Mesh): readonly Described<Secret>[] {
  const { certificate, certificateOrigin } = mesh.gateway.https;
  const { clientAuthorities } = mesh.gateway;
  return [
    {
      name: names.clientAuthorities,
      origin: mesh.gateway.origin,
      message: create(SecretSchema, {
        name: names.clientAuthorities,
        type: {
          case: "validationContext",
          value:
            clientAuthorities === undefined
              ? {}
              : { trustedCa: { specifier: { case: "inlineString", value: clientAuthorities } } },
        },
      }),
    },
    {
      name: names.certificate,
      origin: certificateOrigin ?? mesh.gateway.origin,
      message: certificateSecret(names.certificate, certificate),
    },
    ...(mesh.trust === undefined ? [] : meshSecrets(mesh.trust)),
  ];
}
