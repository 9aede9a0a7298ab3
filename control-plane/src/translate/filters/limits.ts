// How many calls each caller may begin in a second or a minute, counted by the gateway itself.
//
// Envoy keeps its buckets in a filter's configuration: whatever changes there starts
// all of them anew. So nothing ever changes there. Every bucket holds one `whole`, and
// a call takes as large a part of it as its route says: of a limit of 60, a sixtieth.

import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { HeaderValueOption_HeaderAppendAction } from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import {
  RateLimit_Action_MetaData_Source,
  type RateLimit_ActionSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import {
  type LocalRateLimitDescriptorSchema,
  XRateLimitHeadersRFCVersion,
} from "@smartcall/envoy/api/envoy/extensions/common/ratelimit/v3/ratelimit_pb.js";
import { LocalRateLimitSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/local_ratelimit/v3/local_rate_limit_pb.js";
import { mostGatewayLimits } from "../../config/language/limits.ts";
import type { Counted } from "../../model/limit.ts";
import { any, milliseconds, type PartsOf } from "../message.ts";
import { names } from "../names.ts";
import { claimValue } from "./claim-value.ts";

/** The parts of a bucket: the most that Envoy lets one call take. */
export const whole = 1_000_000_000;

/** How long an empty bucket takes to be full again, in seconds. */
export const windows = { second: 1, minute: 60 } as const;

/** A window that gateways count by themselves. */
export type Window = keyof typeof windows;

/**
 * So many callers are remembered for each window and place; then the one that was
 * away for the longest is forgotten, and begins anew. Each takes half a kilobyte.
 */
const callers = 50_000;

/**
 * In the listener, switched off: for the first limit of a route, the second, and so
 * on. What the limit is stands in the route's metadata, see `limitsMetadata`.
 */
export function limitFilters(): readonly { readonly name: string; readonly config: Any }[] {
  return Array.from({ length: mostGatewayLimits }, (_, index) => ({
    name: limitFilter(index + 1),
    config: filterOf(`${index + 1}`),
  }));
}

/** The name of the filter for a route's limit, of which 1 is the first. */
export function limitFilter(place: number): string {
  return `${names.limits}-${place}`;
}

/** Where a limit's name stands for the bucket that it is counted in. */
export function bucketKey(window: Window, by: Counted["kind"]): string {
  return by === "address" || by === "subject" ? `${window}-${by}` : window;
}

function filterOf(place: string): Any {
  const kinds = (["second", "minute"] as const).flatMap((window) => [
    { window, key: bucketKey(window, "claim"), caller: claimOf(place) },
    { window, key: bucketKey(window, "address"), caller: address },
    { window, key: bucketKey(window, "subject"), caller: subject },
  ]);
  return any(LocalRateLimitSchema, {
    statPrefix: `limits-${place}`,
    filterEnabled: always,
    filterEnforced: always,
    enableXRatelimitHeaders: XRateLimitHeadersRFCVersion.DRAFT_VERSION_03,
    rateLimitedAsResourceExhausted: true,
    responseHeadersToAdd: [
      {
        header: { key: names.ruleHeader, value: ofRoute(place, "name") },
        appendAction: HeaderValueOption_HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
      },
    ],
    maxDynamicDescriptors: callers,
    rateLimits: kinds.map(({ key, caller }) => ({
      actions: [rule(place, key), caller],
      hitsAddend: { format: ofRoute(place, "cost") },
    })),
    descriptors: kinds.flatMap(({ window, key }) => [
      // Without an entry for the caller: all calls together, or all whose token lacks the claim.
      bucket(window, [key]),
      bucket(window, [key, callerKey]),
    ]),
  });
}

type Action = PartsOf<typeof RateLimit_ActionSchema>;
type Descriptor = MessageInitShape<typeof LocalRateLimitDescriptorSchema>;

/** Envoy gives an address's entry this key, and no other can be asked for. */
const callerKey = "masked_remote_address";

/** One bucket for each combination of what its entries hold. */
function bucket(window: Window, keys: readonly string[]): Descriptor {
  return {
    entries: keys.map((key) => ({ key })),
    tokenBucket: {
      maxTokens: whole,
      tokensPerFill: whole,
      fillInterval: milliseconds(windows[window] * 1_000),
    },
  };
}

/** Holds the limit's name; a route without such a limit at this place is not counted here. */
function rule(place: string, key: string): Action {
  return {
    actionSpecifier: {
      case: "metadata",
      value: {
        descriptorKey: key,
        metadataKey: {
          key: names.limits,
          path: [place, key].map((each) => ({ segment: { case: "key", value: each } })),
        },
        source: RateLimit_Action_MetaData_Source.ROUTE_ENTRY,
      },
    },
  };
}

/**
 * Holds the claim that the route names. Without it there is no entry, and so one
 * bucket for all who lack it.
 */
function claimOf(place: string): Action {
  const claim = `xds.route_metadata.filter_metadata['${names.limits}']['${place}']['claim']`;
  return {
    actionSpecifier: {
      case: "extension",
      value: {
        name: "claim",
        typedConfig: claimValue(callerKey, claim),
      },
    },
  };
}

/**
 * Of most limits. It is a text in each token that is accepted, and by then a header, which
 * takes a small part of the time that a claim does; without a token there is none.
 */
const subject: Action = {
  actionSpecifier: {
    case: "requestHeaders",
    value: { headerName: names.subjectHeader, descriptorKey: callerKey, skipIfAbsent: true },
  },
};

/** Of IPv6 the network: one machine has as many addresses in it as it likes. */
const address: Action = {
  actionSpecifier: {
    case: "maskedRemoteAddress",
    value: { v4PrefixMaskLen: 32, v6PrefixMaskLen: 64 },
  },
};

const always = { defaultValue: { numerator: 100 } };

function ofRoute(place: string, key: string): string {
  return `%METADATA(ROUTE:${names.limits}:${place}:${key})%`;
}
