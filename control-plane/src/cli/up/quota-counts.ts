// Asks the quota service whether it can count, by gRPC as it is on the wire: a client of it takes longer to load than all else here.

import { connect, constants } from "node:http2";
import { createConnection } from "node:net";
import type { LocalEndpoint } from "@smartcall/runtime";

const health = "/smartcall.v1.QuotaService/Health";
/** https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md: not compressed, and of no bytes. */
const emptyMessage = Buffer.alloc(5);
/** What is before each message: whether it is compressed, and its length. */
const prefixLength = 5;
/** The field 1, `counting`, and that it is true. */
const counting = Buffer.from([0x08, 0x01]);
const limitMs = 1_000;

/** Whether the quota service answers, and can count. */
export function quotaCounts(endpoint: LocalEndpoint): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connect("http://localhost", {
      createConnection: () =>
        endpoint.kind === "socket"
          ? createConnection(endpoint.path)
          : createConnection(endpoint.port, endpoint.host),
    });
    const end = (counts: boolean): void => {
      resolve(counts);
      session.destroy();
    };
    session.setTimeout(limitMs, () => end(false));
    session.once("error", () => end(false));
    const call = session.request({
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_PATH]: health,
      [constants.HTTP2_HEADER_CONTENT_TYPE]: "application/grpc",
      [constants.HTTP2_HEADER_TE]: "trailers",
    });
    let answer = Buffer.alloc(0);
    call.on("data", (bytes: Buffer) => {
      answer = Buffer.concat([answer, bytes]);
    });
    call.once("error", () => end(false));
    call.once("end", () =>
      end(answer.subarray(prefixLength).subarray(0, counting.length).equals(counting)),
    );
    call.end(emptyMessage);
  });
}
