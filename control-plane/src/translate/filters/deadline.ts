// How Envoy's timeouts stand to a call's deadline, and to the end of its token.

/**
 * How much longer than a call's deadline Envoy waits, in milliseconds, so that
 * the agent's own DEADLINE_EXCEEDED, with a stream's last event, comes first.
 */
export const deadlineSlackMs = 500;

/** The claim `exp`, by which the gateway ends calls; the agent has it in the claims. */
export const expiryHeader = "smartcall-expires";

/**
 * Where Envoy reads how long the agent's stream may take, whether or not its caller has
 * ended its own; it tells the end of that apart from a deadline's.
 */
export const streamBound = {
  header: "x-envoy-upstream-stream-duration-ms",
  http: 504,
  details: "upstream_max_stream_duration_reached",
} as const;
