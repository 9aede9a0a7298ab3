// A secret as its name alone: what it holds, Envoy reads from its environment.

import { create } from "@bufbuild/protobuf";
import {
  type Secret,
  SecretSchema,
} from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/secret_pb.js";
import { names } from "../translate/names.ts";
import { edgeVariables, egressVariable, nodeVariables } from "./edge-variables.ts";

/** The authorities of clients are in no way secret, and are in the mesh's files: they stay. */
export function staticSecret({ name, type }: Secret): Secret {
  switch (type.case) {
    case "validationContext": {
      if (name !== names.meshAuthority) return create(SecretSchema, { name, type });
      const trustedCa = fromEnvironment(nodeVariables.authority);
      return create(SecretSchema, { name, type: { case: type.case, value: { trustedCa } } });
    }
    case "genericSecret": {
      const secret = fromEnvironment(egressVariable(name));
      return create(SecretSchema, { name, type: { case: type.case, value: { secret } } });
    }
    default: {
      const { certificate, key } = name === names.meshCertificate ? nodeVariables : edgeVariables;
      const value = {
        certificateChain: fromEnvironment(certificate),
        privateKey: fromEnvironment(key),
      };
      return create(SecretSchema, { name, type: { case: "tlsCertificate", value } });
    }
  }
}

function fromEnvironment(value: string) {
  return { specifier: { case: "environmentVariable" as const, value } };
}
