// What HTTP/2 between the mesh's own Envoys, and to agents, is given so that one connection carries all calls.

import { mostCalls } from "./breakers.ts";

/**
 * By Envoy's own 1,024 streams, ten thousand calls at the same moment need further connections,
 * and their handshakes come too late while the threads read what is asked. Its bound of 10,000
 * frames that wait to be sent would then close the connection where all are answered at once: an
 * answer is three. Bytes that wait are bounded all the same, by the buffer of the connection.
 */
export const manyStreams = {
  maxConcurrentStreams: mostCalls,
  maxOutboundFrames: 10 * mostCalls,
} as const;
