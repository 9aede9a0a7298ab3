// Why calls fail that were right: the part of the table of reasons whose status is 500 or more.

import type { ReasonRow } from "./reason-row.ts";

/** In the order of the docs, after what callers did wrong. */
export const failures = {
  AGENT_FAILED: {
    http: 500,
    status: "INTERNAL",
    fault: "agent",
    retry: "no",
    why: "A bug of the agent, whose log has it under the request's id.",
    remedy: "Tell its author.",
  },
  INTERNAL: {
    http: 500,
    status: "INTERNAL",
    fault: "agent",
    retry: "no",
    why: "The gateway, or an agent that does not say why, failed.",
    remedy: "Tell the operator.",
  },
  BAD_ANSWER: {
    http: 502,
    status: "UNAVAILABLE",
    fault: "agent",
    retry: "yes",
    retrySeconds: 1,
    why: "The agent answered something that is no gRPC.",
    remedy: "Tell the operator.",
  },
  AGENT_UNAVAILABLE: {
    http: 503,
    status: "UNAVAILABLE",
    fault: "agent",
    retry: "yes",
    retrySeconds: 1,
    why: "No instance of the agent can be reached.",
    remedy: "Call again after `retry-after`.",
  },
  AGENT_OVERLOADED: {
    http: 503,
    status: "UNAVAILABLE",
    fault: "agent",
    retry: "yes",
    retrySeconds: 1,
    why: "All places of the agent are taken, those to wait in too; it began nothing.",
    remedy: "Call again after `retry-after`; if it lasts, start more instances.",
  },
  AGENT_ENDING: {
    http: 503,
    status: "UNAVAILABLE",
    fault: "agent",
    retry: "yes",
    why: "The instance is going away.",
    remedy: "Call again: another takes it.",
  },
  EGRESS_UNAVAILABLE: {
    http: 503,
    status: "UNAVAILABLE",
    fault: "provider",
    retry: "yes",
    retrySeconds: 1,
    why: "A host outside the mesh cannot be reached, does not prove that it is that host, or its key is not there.",
    remedy:
      "Call again after `retry-after`; if it lasts, tell the operator, who finds why in the message.",
  },
  STREAM_BROKEN: {
    http: 503,
    status: "UNAVAILABLE",
    fault: "agent",
    retry: "yes",
    why: "An answer stopped without its last event: its agent, or something on the way, ended. What had come is only a part of it.",
    remedy: "Call again from the beginning.",
  },
  QUOTA_UNAVAILABLE: {
    http: 503,
    status: "UNAVAILABLE",
    fault: "policy",
    retry: "yes",
    retrySeconds: 1,
    why: "The route takes calls only while they can be counted, and the quota service does not answer.",
    remedy: "Call again after `retry-after`; if it lasts, tell the operator.",
  },
  DEADLINE_EXCEEDED: {
    http: 504,
    status: "DEADLINE_EXCEEDED",
    fault: "agent",
    retry: "no",
    why: "The answer was not whole in time.",
    remedy: "Give it longer, or ask for less.",
  },
} as const satisfies Readonly<Record<string, ReasonRow>>;
