// When an instance that fails is left alone for a while.

import { create } from "@bufbuild/protobuf";
import {
  type OutlierDetection,
  OutlierDetectionSchema,
} from "@smartcall/envoy/api/envoy/config/cluster/v3/outlier_detection_pb.js";
import { standardEjection } from "../config/language/ejection.ts";
import type { Agent } from "../model/mesh.ts";
import type { Ejection } from "../model/resilience.ts";
import { milliseconds } from "./message.ts";

/** Of agents that say nothing of it: half of the instances can go, and one always stays. */
const standard: Ejection = {
  failures: standardEjection.failures,
  forMs: standardEjection.for,
  mostPercent: standardEjection.most,
};

/** The longest that an instance is left alone, however often it failed. */
const longestMs = 120_000;

/**
 * What fails counts however it fails: no connection, a connection or a try that ends too
 * soon or takes too long, UNAVAILABLE, DEADLINE_EXCEEDED, and pages of a proxy. What else
 * an agent says, it says of the call; and that it is full, or that its caller gave it too
 * little time, it says in another way.
 *
 * @returns undefined where an agent's instances are always asked
 */
export function ejectionOf({ ejection = standard }: Agent): OutlierDetection | undefined {
  if (ejection === "never") return undefined;
  const { failures, forMs, mostPercent } = ejection;
  return create(OutlierDetectionSchema, {
    consecutiveGatewayFailure: failures,
    enforcingConsecutiveGatewayFailure: 100,
    enforcingConsecutive5xx: 0,
    enforcingSuccessRate: 0,
    enforcingFailurePercentage: 0,
    // How often it looks who has waited long enough; seldom, since there are thousands of agents.
    interval: milliseconds(Math.max(1_000, forMs / 4)),
    baseEjectionTime: milliseconds(forMs),
    maxEjectionTime: milliseconds(Math.max(forMs, longestMs)),
    maxEjectionPercent: mostPercent,
  });
}
