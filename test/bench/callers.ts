// Calls through a gateway, by REST or by gRPC, as many at once as asked for.
import { type ClientHttp2Session, connect } from "node:http2";
import { Agent, request } from "node:https";
import { saying } from "../harness/grpc.ts";
import { asking } from "../harness/rest.ts";
import { grpcFrame } from "./grpc-frame.ts";

/** How calls are answered: by one message, or by a stream of events. */
export type Kind = "unary" | "stream";

/** Makes so many calls, and resolves when all are answered; throws where one is not. */
export type Caller = (kind: Kind, calls: number) => Promise<void>;

/** A caller until it is closed. */
export interface OpenCaller {
  readonly call: Caller;
  close(): void;
}

/** So many calls are under way at once. */
const atOnce = 32;

/** Calls by native gRPC, on as many connections as there are calls at once. */
export function grpcCaller(
  url: string,
  options: { readonly ca?: string; readonly headers: Readonly<Record<string, string>> },
): OpenCaller {
  const sessions = Array.from({ length: atOnce }, () =>
    connect(url, options.ca === undefined ? {} : { ca: options.ca }),
  );
  const body = grpcFrame(saying("What is the capital of France?").serializeBinary());
  const one = (session: ClientHttp2Session, kind: Kind): Promise<void> =>
    new Promise((resolve, reject) => {
      const stream = session.request({
        ":method": "POST",
        ":path": `/smartcall.v1.AgentService/${kind === "unary" ? "Invoke" : "Stream"}`,
        "content-type": "application/grpc",
        te: "trailers",
        ...options.headers,
      });
      let status: unknown;
      stream.on("response", (headers) => {
        status = headers["grpc-status"];
      });
      stream.on("trailers", (trailers) => {
        status = trailers["grpc-status"];
      });
      stream.on("error", reject);
      stream.on("close", () => {
        if (status === "0") resolve();
        else reject(new Error(`gRPC call ended with ${String(status)}`));
      });
      stream.resume();
      stream.end(body);
    });
  return {
    call: (kind, calls) => inParallel(calls, sessions, (session) => one(session, kind)),
    close: () => {
      for (const session of sessions) session.close();
    },
  };
}

/** Calls by REST over HTTP/1.1, on as many connections as there are calls at once. */
export function restCaller(
  url: string,
  options: {
    readonly ca: string;
    readonly agent: string;
    readonly headers: Readonly<Record<string, string>>;
  },
): OpenCaller {
  const agent = new Agent({ keepAlive: true, ca: options.ca, maxSockets: atOnce });
  const body = JSON.stringify(asking("What is the capital of France?"));
  const one = (kind: Kind): Promise<void> =>
    new Promise((resolve, reject) => {
      const path = `/v1/agents/${options.agent}:${kind === "unary" ? "invoke" : "stream"}`;
      const headers = { "content-type": "application/json", ...options.headers };
      const sent = request(`${url}${path}`, { method: "POST", agent, headers }, (response) => {
        response.resume();
        response.on("error", reject);
        response.on("end", () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`REST call ended with ${response.statusCode ?? "nothing"}`));
        });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  return {
    call: (kind, calls) =>
      inParallel(
        calls,
        Array.from({ length: atOnce }, () => kind),
        one,
      ),
    close: () => agent.destroy(),
  };
}

/** Makes calls one after another in each lane, until there are enough. */
async function inParallel<Lane>(
  calls: number,
  lanes: readonly Lane[],
  one: (lane: Lane) => Promise<void>,
): Promise<void> {
  let left = calls;
  const work = async (lane: Lane): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await one(lane);
    }
  };
  await Promise.all(lanes.map(work));
}
