// What the mesh's own nodes prove themselves with to each other.

import { create } from "@bufbuild/protobuf";
import { TlsParameters_TlsProtocol } from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/common_pb.js";
import {
  type Secret,
  SecretSchema,
} from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/secret_pb.js";
import type { KeyPair, Trust } from "../model/mesh.ts";
import type { Described } from "./described.ts";
import { names } from "./names.ts";

/** Both ends are ours. As a client Envoy takes no more than 1.2 unless it is told to. */
export const tlsParameters = {
  tlsMinimumProtocolVersion: TlsParameters_TlsProtocol.TLSv1_3,
  tlsMaximumProtocolVersion: TlsParameters_TlsProtocol.TLSv1_3,
};

/** A node's certificate, and whom it believes. */
export function meshSecrets({ authorities, certificate }: Trust): readonly Described<Secret>[] {
  return [
    {
      name: names.meshAuthority,
      message: create(SecretSchema, {
        name: names.meshAuthority,
        type: {
          case: "validationContext",
          value: { trustedCa: { specifier: { case: "inlineString", value: authorities } } },
        },
      }),
    },
    { name: names.meshCertificate, message: certificateSecret(names.meshCertificate, certificate) },
  ];
}

/** A certificate with its key. */
export function certificateSecret(name: string, { certificateChain, privateKey }: KeyPair): Secret {
  return create(SecretSchema, {
    name,
    type: {
      case: "tlsCertificate",
      value: {
        certificateChain: { specifier: { case: "inlineString", value: certificateChain } },
        privateKey: { specifier: { case: "inlineString", value: privateKey } },
      },
    },
  });
}
