// The one message of a request, out of the bytes that gRPC sends it in.
//
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests

import { gunzipSync, inflateSync } from "node:zlib";
import { type StatusObject, status } from "@grpc/grpc-js";
import { largestMessage } from "../largest-message.ts";

/** Before each message: whether it is compressed, and its length. */
export const prefixLength = 5;

/** Why there is none. */
export type Unread = Pick<StatusObject, "code" | "details">;

/** @param encoding as the header `grpc-encoding` names it */
export function readMessage(bytes: Buffer, encoding: unknown): Buffer | Unread {
  if (bytes.length < prefixLength || bytes.length !== prefixLength + bytes.readUInt32BE(1)) {
    return { code: status.UNIMPLEMENTED, details: "the method takes one whole message" };
  }
  const message = bytes.subarray(prefixLength);
  if (bytes[0] === 0) return message;
  const inflate = encoding === "gzip" ? gunzipSync : inflateSync;
  if (encoding !== "gzip" && encoding !== "deflate") {
    return { code: status.UNIMPLEMENTED, details: "compress messages by gzip or deflate" };
  }
  try {
    return inflate(message, { maxOutputLength: largestMessage });
  } catch {
    return { code: status.INTERNAL, details: "the message is not compressed as it says" };
  }
}

/** The time of a deadline, in milliseconds since 1970; undefined where the header is none. */
export function readTimeout(header: string, now: number): number | undefined {
  const [, count, unit = ""] = /^(\d{1,8})([HMSmun])$/.exec(header) ?? [];
  const ms = unitMs.get(unit);
  return ms === undefined ? undefined : now + Math.ceil(Number(count) * ms);
}

const unitMs = new Map([
  ["H", 3_600_000],
  ["M", 60_000],
  ["S", 1_000],
  ["m", 1],
  ["u", 1e-3],
  ["n", 1e-6],
]);
