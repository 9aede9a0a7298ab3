// The keys that a sidecar says in its agent's place.

import { create } from "@bufbuild/protobuf";
import {
  type Secret,
  SecretSchema,
} from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/secret_pb.js";
import type { Egress } from "../../model/egress.ts";
import type { Described } from "../described.ts";
import { egressSecretName } from "./egress-names.ts";

/** The key of each egress that has one. */
export function egressSecrets(egress: readonly Egress[]): readonly Described<Secret>[] {
  return egress.flatMap(({ key, name: of, origin }) => {
    if (key === undefined) return [];
    const name = egressSecretName(of);
    // What stands before it in the header is no secret: an empty key is one that is missing.
    const secret = { specifier: { case: "inlineString" as const, value: key.value } };
    const type = { case: "genericSecret" as const, value: { secret } };
    return [{ name, origin, message: create(SecretSchema, { name, type }) }];
  });
}
