// What the gateway's bounds refuse, and what callers are told of them.

import type { AccessLogFilter } from "@smartcall/envoy/api/envoy/config/accesslog/v3/accesslog_pb.js";
import { sizeText } from "../config/schema/amounts.ts";
import { type Bounds, standardBounds } from "../model/bounds.ts";
import type { Gateway } from "../model/mesh.ts";
import { callsAtOnceDetails } from "./filters/calls-at-once.ts";
import { detailsBegin } from "./local-reply-filters.ts";
import type { Refusal } from "./refusal.ts";
import { ofTable } from "./route-metadata.ts";

/** All bounds of a gateway, with the standard of those that are not written. */
export function boundsOf({ bounds }: Pick<Gateway, "bounds">): Bounds {
  return { ...standardBounds, ...bounds };
}

/**
 * How much Envoy reads of a request's headers: twice the bound, which the filter `bounds` tells
 * of in words. Over HTTP/2 what is beyond this ends without any; a bound below the standard
 * changes nothing here.
 */
export function mostHeadersKiB({ headersKiB }: Bounds): number {
  return 2 * Math.max(headersKiB, standardBounds.headersKiB);
}

/** The sizes as callers are told them, for the metadata of the table of routes. */
export function boundTexts({ bodyBytes, headersKiB, pathBytes }: Bounds) {
  return {
    body: inWords(bodyBytes),
    headers: inWords(headersKiB * 1024),
    path: inWords(pathBytes),
  } as const;
}

function inWords(bytes: number): string {
  return sizeText(bytes).replace(/(?=[A-Z])/, " ");
}

/** A bound that refuses. */
export interface Bounded {
  /** Where it is written. */
  readonly rule: string;
  readonly refusal: Refusal;
  /** What else of Envoy's answer must fit, besides the status of the reason. */
  readonly also?: readonly AccessLogFilter[];
}

const headersTooLarge: Refusal = {
  reason: "HEADERS_TOO_LARGE",
  message: `The request's headers are too large: all together may have ${ofTable("headers")}.`,
};

const notInTime: Refusal = {
  reason: "REQUEST_TIMEOUT",
  message: "The request did not arrive whole in time.",
};

/** What Envoy itself refuses. */
export const bounded: readonly Bounded[] = [
  {
    rule: "gateway.bounds.body",
    refusal: {
      reason: "REQUEST_TOO_LARGE",
      message: `The request is too large: it may have ${ofTable("body")}.`,
    },
  },
  { rule: "gateway.bounds.headers", refusal: headersTooLarge },
  {
    rule: "gateway.bounds.calls",
    refusal: {
      reason: "GATEWAY_OVERLOADED",
      message: "The gateway has as many calls as it may have at once: try again later.",
    },
    also: [detailsBegin(callsAtOnceDetails)],
  },
  {
    rule: "gateway.bounds.headersTime",
    refusal: notInTime,
    also: [detailsBegin("request_header_timeout")],
  },
  {
    rule: "gateway.bounds.requestTime",
    refusal: notInTime,
    also: [detailsBegin("request_overall_timeout")],
  },
  // Or as long as its whole call may take.
  { rule: "%ROUTE_NAME%", refusal: notInTime },
];

/** What the filter `bounds` refuses, by the name of its policy. */
export const boundPolicies = {
  "headers-too-large": { rule: "gateway.bounds.headers", refusal: headersTooLarge },
  "path-too-long": {
    rule: "gateway.bounds.path",
    refusal: {
      reason: "PATH_TOO_LONG",
      message: `The path is too long: with its query it may have ${ofTable("path")}.`,
    },
  },
} as const satisfies Readonly<Record<string, Bounded>>;
