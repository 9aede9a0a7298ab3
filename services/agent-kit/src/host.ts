// What every call of one running agent shares.

import type { Clock, Log } from "@smartcall/runtime";
import type { Admission } from "./admission.ts";
import type { Agent } from "./agent.ts";
import type { AgentError } from "./agent-error.ts";
import type { CallMetrics } from "./call-metrics.ts";
import type { Onward } from "./calls/onward.ts";
import type { Outbound } from "./calls/outbound.ts";
import type { Budget } from "./grant.ts";
import type { Identity } from "./identity.ts";
import type { RequestReader } from "./read-request.ts";
import type { StopSignal } from "./stop.ts";

export interface Host {
  readonly agent: Agent;
  readonly admission: Admission;
  readonly reader: RequestReader;
  readonly metrics: CallMetrics;
  readonly log: Log;
  readonly clock: Clock;
  readonly newId: () => string;
  /** How long an agent may go on after its signal aborted, in milliseconds. */
  readonly windDownMs: number;
  /** Aborts when the process ends: a conversation with no turn left ends then. */
  readonly ending: AbortSignal;
  /** How calls to other agents leave the process; absent, they cannot. */
  readonly outbound?: Outbound;
  /** How to halt each call that runs. */
  readonly halts: Set<(error: AgentError) => void>;
}

/** Which method a call came by. */
export type Door = "invoke" | "stream" | "converse" | OwnDoor;

/** Of a service of the agent's own, such as `acme.Weather/Forecast`. */
export type OwnDoor = `${string}/${string}`;

/** What the call's route was chosen by; the request must not say otherwise. */
export interface Routed {
  /** The agent's name, where that is known. */
  readonly agent?: string;
  /** The model; empty, the call was routed as one that asks for none. Absent: any. */
  readonly model?: string;
  /** The most bytes that a request, or a turn, may have; absent, as the contract says. */
  readonly largest?: number;
}

/** Who asks, and how long it waits. */
export interface Caller {
  readonly door: Door;
  readonly requestId: string;
  readonly traceId: string;
  readonly routed?: Routed;
  /** Whom its token names, where it has one; the call ends when that expires. */
  readonly identity?: Identity;
  /** The names that its certificate has, where it showed one. */
  readonly certificateNames?: readonly string[];
  /** Who made it, as the mesh has proved: `gateway`, or an agent's name; absent, nobody has. */
  readonly from?: string;
  /** What goes along with the calls that its agent makes. */
  readonly onward?: Onward;
  /** Tokens that the call may use; absent, no budget bounds it. */
  readonly grant?: number;
  /** How that came to be, where the edge says it. */
  readonly budget?: Budget;
  /** In milliseconds since 1970. */
  readonly deadline?: number;
  /** Aborts when the caller has left; its reason may be the AgentError to end with. */
  readonly signal: StopSignal;
}
