// When an instance that fails is left alone for a while.

import { create } from "@bufbuild/protobuf";
import {
  type OutlierDetection,
  OutlierDetectionSchema,
} from "@smartcall/envoy/api/envoy/config/cluster/v3/outlier_detection_pb.js";
import type { MatchPredicateSchema } from "@smartcall/envoy/api/envoy/config/common/matcher/v3/matcher_pb.js";
import type { Agent } from "../model/mesh.ts";
import type { Ejection } from "../model/resilience.ts";
import { milliseconds, type PartsOf } from "./message.ts";
import { names } from "./names.ts";

/** Of agents that say nothing of it: half of the instances can go, and one always stays. */
const standard: Ejection = { failures: 5, forMs: 10_000, mostPercent: 60 };

/** The longest that an instance is left alone, however often it failed. */
const longestMs = 120_000;

/**
 * What fails counts however it fails: no connection, a connection or a try that ends
 * too soon or takes too long, and what `failures` fits. So one number is enough.
 *
 * @returns undefined where an agent's instances are always asked
 */
export function ejectionOf({ ejection = standard }: Agent): OutlierDetection | undefined {
  if (ejection === "never") return undefined;
  const { failures, forMs, mostPercent } = ejection;
  return create(OutlierDetectionSchema, {
    consecutive5xx: failures,
    enforcingConsecutive5xx: 100,
    enforcingConsecutiveGatewayFailure: 0,
    enforcingSuccessRate: 0,
    enforcingFailurePercentage: 0,
    // How soon one that has waited long enough is asked again.
    interval: milliseconds(1_000),
    baseEjectionTime: milliseconds(forMs),
    maxEjectionTime: milliseconds(Math.max(forMs, longestMs)),
    maxEjectionPercent: mostPercent,
  });
}

/**
 * The answers that say that an instance cannot answer: a gRPC call that it, or what
 * stands before it, has UNAVAILABLE for, and pages of a proxy. One that has no place
 * free is not ill; and what else an agent says, it says of the call.
 */
export const failures: PartsOf<typeof MatchPredicateSchema> = anyOf(
  allOf(headerFits("grpc-status", "14"), {
    rule: { case: "notMatch", value: headerFits(names.overloadedHeader, ".+") },
  }),
  headerFits(":status", "502|503|504"),
);

type Predicate = PartsOf<typeof MatchPredicateSchema>;

function anyOf(...rules: Predicate[]): Predicate {
  return { rule: { case: "orMatch", value: { rules } } };
}

function allOf(...rules: Predicate[]): Predicate {
  return { rule: { case: "andMatch", value: { rules } } };
}

function headerFits(name: string, regex: string): Predicate {
  return {
    rule: {
      case: "httpResponseHeadersMatch",
      value: {
        headers: [
          {
            name,
            headerMatchSpecifier: {
              case: "stringMatch",
              value: { matchPattern: { case: "safeRegex", value: { regex } } },
            },
          },
        ],
      },
    },
  };
}
