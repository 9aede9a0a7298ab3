// How long a call may take where the file does not say.

/** Milliseconds. */
export const standardTimeoutMs = 5 * 60_000;
