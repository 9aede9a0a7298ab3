// How Envoy's timeouts stand to a call's deadline.

/**
 * How much longer than a call's deadline Envoy waits, in milliseconds, so that
 * the agent's own DEADLINE_EXCEEDED, with a stream's last event, comes first.
 */
export const deadlineSlackMs = 500;
