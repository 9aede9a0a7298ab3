// Starts the parts of a mesh in order, and waits until each is ready.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatAddress, formatEndpoint, type ServedEdge } from "@smartcall/runtime";
import { authorityCertificateName } from "../../state/well-known.ts";
import { type Edge, edgeOf } from "../edge/edge.ts";
import { localUrl } from "../remote/server.ts";
import type { Trust } from "../remote/trust.ts";
import {
  agentPlan,
  controlPlanePlan,
  envoyPlan,
  type Layout,
  quotaPlan,
  realtimePlan,
} from "./plans.ts";
import type { Prepared } from "./prepare.ts";
import { quotaCounts } from "./quota-counts.ts";
import { agentReady, controlPlaneReady, edgeReady, realtimeReady } from "./readiness.ts";
import type { ProcessPlan } from "./supervised.ts";

/** One part: what runs, and how it is known to be ready. */
export interface Part {
  readonly plan: ProcessPlan;
  /** Where it is, for the person who watches. */
  readonly at: string;
  /** When it ends: those with the highest number first, those with the same one together. */
  readonly ends: number;
  isReady(): Promise<boolean>;
  /** The longest it may take, in milliseconds. */
  readonly limitMs: number;
}

/** The parts, by what must be before they are started. */
export interface Stages {
  /** Nothing. */
  readonly first: readonly Part[];
  /** The control plane has said which variables are for it alone; they load while it begins. */
  readonly told: readonly Part[];
  /** The control plane serves. */
  readonly last: readonly Part[];
}

/**
 * The parts, by when they are started.
 *
 * @param served where the edge is, as far as it is known
 */
export function stages(layout: Layout, prepared: Prepared, served: () => ServedEdge): Stages {
  const ca = join(layout.stateFolder, authorityCertificateName);
  // Where an older version is served than the file is, that says where the edge is.
  const edge = (): Edge => edgeOf(served(), ca);
  const controlPlane: Part = {
    plan: controlPlanePlan(layout),
    at: formatAddress(layout.controlPlane),
    ends: 0,
    isReady: () => controlPlaneReady(localUrl(layout.admin), () => adminTrust(layout, ca)),
    limitMs: 20_000,
  };
  const quota: Part = {
    plan: quotaPlan(layout),
    at: formatEndpoint(layout.quota),
    // After the gateway, which tells it what calls used when they end.
    ends: 1,
    isReady: () => quotaCounts(layout.quota),
    limitMs: 20_000,
  };
  const envoy: Part = {
    plan: envoyPlan(layout, prepared.envoy.path, prepared.joinToken),
    get at() {
      return `${prepared.envoy.version} at ${edge().url}`;
    },
    ends: 2,
    isReady: () => edgeReady(edge(), ca),
    limitMs: 20_000,
  };
  const realtimeProcess = realtimePlan(layout);
  const realtime: Part = {
    plan: realtimeProcess,
    at: realtimeProcess.cwd,
    // Before the agents: it waits for the turns that run.
    ends: 4,
    isReady: () => realtimeReady(realtimeProcess.cwd),
    limitMs: 20_000,
  };
  const agents = prepared.agents.map(
    (agent): Part => ({
      plan: agentPlan(layout, agent, prepared.envoy.path),
      at: agent.folder,
      // Before the gateway, so that they drain.
      ends: 3,
      isReady: () => agentReady(formatAddress(layout.envoyAdmin), agent.name),
      limitMs: 60_000,
    }),
  );
  return { first: [controlPlane, quota, realtime], told: agents, last: [envoy] };
}

/** Throws while the file is not there yet. */
function adminTrust({ adminCertificate }: Layout, ca: string): Trust {
  return adminCertificate === undefined
    ? { kind: "authority", certificates: readFileSync(ca, "utf8") }
    : { kind: "exactly", certificate: readFileSync(adminCertificate, "utf8") };
}
