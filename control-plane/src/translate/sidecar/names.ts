// The names by which the parts of a sidecar refer to each other.

/** Names that stand in more than one resource of a sidecar. */
export const sidecarNames = {
  /** The listener for calls to the agent, and its routes. */
  inbound: "inbound",
  /** The listener for the agent's calls to other agents, and its routes. */
  calls: "calls",
  /** The filter that takes calls from those who may call; also its resource's name. */
  callers: "callers",
  /** The agent itself. No agent's name has a colon. */
  agentCluster: "smartcall:agent",
} as const;
