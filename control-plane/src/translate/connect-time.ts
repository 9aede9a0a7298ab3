// How long a connection to an agent, or to a service beside, may take to be made.

/**
 * In milliseconds, the handshake of TLS included. An Envoy that ten thousand callers ask at the
 * same moment reads what they ask before it goes on with a handshake: in one second it had not,
 * and calls were refused though all was well. Who does not listen is known at once all the same.
 */
export const connectMs = 5_000;
