// What a route knows and the listener's fixed parts print: errors and the access log.

import type { MetadataSchema } from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import type { PartsOf } from "./message.ts";
import { names } from "./names.ts";
import { grpcStatusOf, type Refusal, statusDetails } from "./refusal.ts";

/** The substitutions that print a route's metadata. */
export const ofRoute = {
  agent: print("agent"),
  reason: printOrOfTable("reason"),
  message: printOrOfTable("message"),
  grpcStatus: printOrOfTable("grpcStatus"),
  details: printOrOfTable("details"),
} as const;

/** The substitution that prints what the table of routes says. */
export function ofTable(key: string): string {
  return `%METADATA(VIRTUAL_HOST:${names.metadata}:${key})%`;
}

/** The key that only the routes have which are left for calls that no other takes. */
export const refusalKey = "refuses";

/** The key that only the routes have which the control plane answers. */
export const directoryKey = "directory";

/**
 * The metadata of a route.
 *
 * @param agent the agent that its caller asks for, where there is one
 * @param refusal what the route says to those that it does not take
 * @param takesNone whether nobody is allowed there
 * @param more what else stands in it, see `ofTable`
 */
export function routeMetadata(
  agent: string | undefined,
  refusal: Refusal | undefined,
  takesNone = false,
  more: Readonly<Record<string, string | true>> = {},
): PartsOf<typeof MetadataSchema> {
  return {
    filterMetadata: {
      [names.metadata]: {
        ...more,
        ...(takesNone ? { [refusalKey]: true } : {}),
        ...(agent === undefined ? {} : { agent }),
        ...(refusal === undefined
          ? {}
          : {
              details: statusDetails(refusal),
              grpcStatus: grpcStatusOf(refusal),
              message: refusal.message,
              reason: refusal.reason,
            }),
      },
    },
  };
}

/** What the route's metadata says, or else the table's. */
function printOrOfTable(key: string): string {
  const operators = ["ROUTE", "VIRTUAL_HOST"].map((of) => ({
    command: "METADATA",
    param: `${of}:${names.metadata}:${key}`,
  }));
  return `%COALESCE(${JSON.stringify({ operators })})%`;
}

function print(key: string): string {
  return `%METADATA(ROUTE:${names.metadata}:${key})%`;
}
