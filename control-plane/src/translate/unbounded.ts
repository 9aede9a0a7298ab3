// Circuit breakers that never open, for clusters whose other end bounds itself.

const many = 1_000_000;

/** Envoy's own bounds (1,024 each) would turn load into refusals. */
export const unbounded = {
  maxConnections: many,
  maxPendingRequests: many,
  maxRequests: many,
  maxRetries: many,
} as const;
