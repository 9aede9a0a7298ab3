// Whether an answer came whole: what its events must be, and what is said of one that broke off.

import { reasons } from "@smartcall/protos";

/**
 * The error of a stream that ended without its last event, or lost one on the way, as the
 * gateway writes errors: JSON with `error`.
 *
 * @param requestId as the gateway told it; undefined where it did not
 */
export function brokenStream(requestId: string | undefined): string {
  const row = reasons.STREAM_BROKEN;
  const error = {
    code: row.http,
    status: row.status,
    message: "The stream broke off: what came is only a part of the answer.",
    details: [
      {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        reason: "STREAM_BROKEN",
        domain: "smartcall",
        metadata: {
          fault: row.fault,
          retry: row.retry,
          ...(requestId !== undefined && { requestId }),
        },
      },
    ],
  };
  return JSON.stringify({ error });
}

/** Counts the events of one stream: each has the number after that of the one before. */
export function eventCount(): (sequence: number | undefined) => boolean {
  let last = 0;
  return (sequence) => {
    last++;
    return sequence === undefined || sequence === last;
  };
}
