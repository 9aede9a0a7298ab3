// The small parts that Envoy's messages are made of.

import {
  create,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import { type Any, AnySchema, type Duration, DurationSchema } from "@bufbuild/protobuf/wkt";
import {
  ApiVersion,
  type ConfigSource,
  ConfigSourceSchema,
} from "@smartcall/envoy/api/envoy/config/core/v3/config_source_pb.js";
import { encode } from "./wire/index.ts";

/**
 * What is set of a message. The thousands of routes are not made messages before
 * they become bytes: to make one takes as long as to write it.
 */
export type PartsOf<Desc extends DescMessage> = Exclude<MessageInitShape<Desc>, MessageShape<Desc>>;

/** A message inside an Any, as extensions are configured. */
export function any<Desc extends DescMessage>(schema: Desc, init: MessageInitShape<Desc>): Any {
  return create(AnySchema, {
    typeUrl: `type.googleapis.com/${schema.typeName}`,
    value: encode(schema, init),
  });
}

/** A length of time; 0 switches most of Envoy's timeouts off. */
export function milliseconds(ms: number): Duration {
  return create(DurationSchema, {
    seconds: BigInt(Math.floor(ms / 1000)),
    nanos: Math.round((ms % 1000) * 1e6),
  });
}

/**
 * A resource that comes by the same stream as all others.
 *
 * @param patienceMs how long Envoy waits for the first version before it goes
 *   on without; 0 waits as long as it takes
 */
export function fromControlPlane(patienceMs: number): ConfigSource {
  return create(ConfigSourceSchema, {
    configSourceSpecifier: { case: "ads", value: {} },
    resourceApiVersion: ApiVersion.V3,
    initialFetchTimeout: milliseconds(patienceMs),
  });
}
