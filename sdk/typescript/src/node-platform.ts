// Node: WebSockets of `ws`, and OpenTelemetry's active trace where that is installed.
import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import { connectFailure } from "./connect-failure.ts";
import { SmartCallError } from "./errors.ts";
import type { Platform, SocketRequest, TraceHeaders } from "./platform.ts";
import { readRefusal } from "./read-refusal.ts";

/** Of the body of a refusal, in bytes; the rest says nothing. */
const longestRefusal = 64 * 1024;

/** Where `@opentelemetry/api` is, as far as it is used. */
type Telemetry = Pick<
  typeof import("@opentelemetry/api"),
  "context" | "isSpanContextValid" | "trace"
>;

let telemetry: Promise<Telemetry | undefined> | undefined;

/** Node. */
export const nodePlatform: Platform = {
  tellsRefusals: true,
  async activeTrace() {
    telemetry ??= import("@opentelemetry/api").catch(() => undefined);
    const api = await telemetry;
    return api === undefined ? {} : traceIn(api);
  },
  openSocket({ headers, now, token, url }, tells) {
    const login = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const socket = new WebSocket(url, {
      headers: { ...headers, ...login },
      perMessageDeflate: false,
    });
    let opened = false;
    let over = false;
    const fail = (error: SmartCallError, again: boolean): void => {
      if (over) return;
      over = true;
      tells.failed({ error, again });
    };
    socket.once("open", () => {
      opened = true;
    });
    socket.on("message", (data) => tells.text(String(data)));
    socket.on("error", (thrown) => {
      if (opened) return;
      const { error, neverLeft } = connectFailure(thrown, url);
      fail(error, neverLeft);
    });
    socket.once("close", (code, reason) => {
      if (!over && opened) tells.closed(code, reason.toString("utf8"));
    });
    socket.once("unexpected-response", (_, response) => {
      readBody(response, (body) => {
        const error = refusalIn(response, body, { now, url });
        fail(error, error.retryable);
        socket.terminate();
      });
    });
    return {
      send: (text) => socket.send(text),
      close: () => socket.close(1000),
      drop: () => socket.terminate(),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
    };
  },
};

/** As W3C writes it, whatever propagator is set. */
function traceIn({ context, isSpanContextValid, trace }: Telemetry): TraceHeaders {
  const span = trace.getSpanContext(context.active());
  if (span === undefined || !isSpanContextValid(span)) return {};
  const flags = span.traceFlags.toString(16).padStart(2, "0");
  const state = span.traceState?.serialize() ?? "";
  return {
    traceparent: `00-${span.traceId}-${span.spanId}-${flags}`,
    ...(state !== "" && { tracestate: state }),
  };
}

function refusalIn(
  response: IncomingMessage,
  body: string,
  { now, url }: Pick<SocketRequest, "now" | "url">,
): SmartCallError {
  const { headers, statusCode: status = 0 } = response;
  if (status >= 400) {
    const get = (name: string): string | null => [headers[name] ?? null].flat()[0] ?? null;
    return readRefusal({ status, headers: { get }, body }, now());
  }
  return new SmartCallError(`What answered at ${url} opens no WebSocket: it answered ${status}.`, {
    status,
    reason: "BAD_ANSWER",
  });
}

function readBody(response: IncomingMessage, then: (body: string) => void): void {
  let body = "";
  response.setEncoding("utf8");
  response.on("data", (text: string) => {
    body = (body + text).slice(0, longestRefusal);
  });
  response.once("close", () => then(body));
}
