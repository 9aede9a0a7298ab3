// Serialises what a mesh became, once for every node that gets it.

import { createHash } from "node:crypto";
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { ClusterSchema } from "@smartcall/envoy/api/envoy/config/cluster/v3/cluster_pb.js";
import { TypedExtensionConfigSchema } from "@smartcall/envoy/api/envoy/config/core/v3/extension_pb.js";
import { ClusterLoadAssignmentSchema } from "@smartcall/envoy/api/envoy/config/endpoint/v3/endpoint_pb.js";
import { ListenerSchema } from "@smartcall/envoy/api/envoy/config/listener/v3/listener_pb.js";
import { RouteConfigurationSchema } from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import { SecretSchema } from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/secret_pb.js";
import {
  type Described,
  type Remembered,
  remembered,
  type Translation,
} from "../translate/index.ts";
import { encode } from "../translate/wire/index.ts";
import type { Resource, Snapshot } from "./snapshot.ts";

/** The snapshot of a translation. The same translation always has the same bytes. */
export function snapshotOf(translation: Translation): Snapshot {
  serialised.begin();
  return packedAll(translation, serialised);
}

/** The same for a small part of a mesh, by a memory of its own. */
export function packedAll(translation: Translation, serialised: Remembered<Bytes>): Snapshot {
  const packed = packedBy(serialised);
  return {
    cluster: packed(ClusterSchema, translation.cluster),
    endpoint: packed(ClusterLoadAssignmentSchema, translation.endpoint),
    listener: packed(ListenerSchema, translation.listener),
    route: packed(RouteConfigurationSchema, translation.route),
    secret: packed(SecretSchema, translation.secret),
    extension: packed(TypedExtensionConfigSchema, translation.extension),
  };
}

function packedBy(serialised: Remembered<Bytes>) {
  return <Desc extends DescMessage>(
    schema: Desc,
    resources: readonly Described<MessageShape<Desc>>[],
  ): ReadonlyMap<string, Resource> =>
    new Map(
      resources.map((resource) => {
        const { content, leadsTo, name, origin, parts } = resource;
        const bytes =
          content === undefined
            ? serialise(schema, resource)
            : serialised.of(`${schema.typeName} ${content}`, () => serialise(schema, resource));
        const references = leadsTo && { cluster: [...leadsTo].sort() };
        return [
          name,
          { name, ...bytes, origin, ...(parts && { parts }), ...(references && { references }) },
        ];
      }),
    );
}

/** What is kept of a resource whose content is known. */
export type Bytes = Pick<Resource, "version" | "body">;

/** What the last snapshots had of resources whose content is known. */
const serialised = remembered<Bytes>();

function serialise<Desc extends DescMessage>(
  schema: Desc,
  { message }: Described<MessageShape<Desc>>,
): Bytes {
  const body = encode(schema, message);
  return { body, version: createHash("sha256").update(body).digest("hex") };
}
