// A connection by HTTP/2 with JSON, that is opened once.
import { connect } from "node:http2";
import { createSecureContext } from "node:tls";
import { asking } from "../harness/rest.ts";
import { type Answer, headersOf, pathOf, replyOf, tlsTo } from "./connections-line.ts";
import type { LinesTo, OpenLine } from "./connections-types.ts";

/** Opens them; ready with the edge's settings. */
export function http2Lines(to: LinesTo): OpenLine {
  const secureContext = createSecureContext({ ca: to.ca });
  return async (number) => {
    const session = connect(`https://localhost:${to.port}`, {
      createConnection: () => tlsTo(to, secureContext, number, ["h2"]),
    });
    await new Promise<void>((resolve, reject) => {
      session.once("remoteSettings", () => resolve());
      session.once("error", reject);
      session.once("close", () => reject(new Error("closed before it was open")));
    });
    session.on("error", () => undefined);
    return {
      call: (ask) =>
        new Promise((resolve, reject) => {
          const stream = session.request({
            ":method": "POST",
            ":path": pathOf(to),
            ...headersOf(to, number),
          });
          let text = "";
          let head: Omit<Answer, "text"> = { status: 0, retryAfter: undefined };
          stream.setEncoding("utf8");
          stream.on("response", (headers) => {
            head = { status: headers[":status"] ?? 0, retryAfter: headers["retry-after"] };
          });
          stream.on("data", (chunk: string) => {
            text += chunk;
          });
          stream.once("error", reject);
          stream.once("close", () => {
            try {
              resolve(replyOf({ ...head, text }, ask));
            } catch (error) {
              reject(error instanceof Error ? error : new Error(String(error)));
            }
          });
          stream.end(JSON.stringify(asking(ask)));
        }),
      isOpen: () => !session.closed && !session.destroyed,
    };
  };
}
