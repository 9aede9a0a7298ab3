// How large the messages of gRPC are that agents read and send.

/**
 * The largest message read at all, or sent, in bytes. More than a request may have, so that
 * one too large is refused in the mesh's words and not in grpc-js's, and ends no conversation.
 */
export const largestMessage = 16 * 1024 * 1024;

/** Options of a server or a client of grpc-js. */
export const messageLimits = {
  "grpc.max_receive_message_length": largestMessage,
  "grpc.max_send_message_length": largestMessage,
} as const;
