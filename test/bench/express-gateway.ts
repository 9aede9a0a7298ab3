// A gateway by hand, on express and grpc-js: what one would write who has no mesh.
//
// It is given all it needs as one JSON object in its environment, and says its port when it listens.
import { createPublicKey, type JsonWebKey, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import {
  Client,
  credentials,
  status as grpcStatus,
  Metadata,
  type ServiceError,
} from "@grpc/grpc-js";
import { createLog } from "@smartcall/runtime";
import express, { type NextFunction, type Request, type Response } from "express";
import jsonwebtoken from "jsonwebtoken";
import { contractMethods, type Method } from "./express-contract.ts";

/** What it is told. */
export interface ExpressSettings {
  readonly agent: string;
  /** Absent, it is bare: no TLS, no token, no limit, no log. */
  readonly guards?: {
    readonly certificateChain: string;
    readonly privateKey: string;
    readonly issuer: string;
    readonly audience: string;
    /** A JSON Web Key Set. */
    readonly keys: string;
    readonly scope: string;
    /** Of each subject. */
    readonly requestsPerMinute: number;
  };
}

const settings: ExpressSettings = JSON.parse(process.env["EXPRESS_GATEWAY"] ?? "{}");
const { agent, guards } = settings;
// As a careful author would: one connection to the agent, made once.
const client = new Client(agent, credentials.createInsecure(), {
  "grpc.max_receive_message_length": 16 * 1024 * 1024,
});
const { invoke, stream } = contractMethods();
const app = express();
app.disable("x-powered-by");
app.disable("etag");
app.set("query parser", false);
if (guards !== undefined) app.use(logged(), callersOf(guards));
app.use(express.json({ limit: 4 * 1024 * 1024 }));

/** A call ends with its caller. */
function endsWith(response: Response, call: { cancel(): void }): void {
  response.on("close", () => {
    if (!response.writableFinished) call.cancel();
  });
}

app.post("/v1/agents/:agent\\:invoke", (request, response) => {
  const call = client.makeUnaryRequest(
    invoke.path,
    invoke.serialize,
    invoke.deserialize,
    asked(invoke, request),
    metadataOf(request),
    { deadline: Date.now() + 60_000 },
    (error, answer) => {
      if (error !== null) refuse(response, httpOf(error), error.details);
      else response.type("json").send(answer);
    },
  );
  endsWith(response, call);
});

app.post("/v1/agents/:agent\\:stream", (request, response) => {
  const call = client.makeServerStreamRequest(
    stream.path,
    stream.serialize,
    stream.deserialize,
    asked(stream, request),
    metadataOf(request),
    { deadline: Date.now() + 60_000 },
  );
  endsWith(response, call);
  call.on("data", (event: string) => {
    if (!response.headersSent) {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    }
    // The agent waits where the caller reads slowly.
    if (!response.write(`data: ${event}\n\n`)) {
      call.pause();
      response.once("drain", () => call.resume());
    }
  });
  call.on("error", (error: ServiceError) => {
    if (response.headersSent) response.destroy();
    else refuse(response, httpOf(error), error.details);
  });
  call.on("end", () => response.end());
});

app.use((_: Request, response: Response) => refuse(response, 404, "No such path."));
app.use((error: Error & { status?: number }, _: Request, response: Response, __: NextFunction) =>
  refuse(response, error.status ?? 500, error.message),
);

const server =
  guards === undefined
    ? createServer(app)
    : createTlsServer({ key: guards.privateKey, cert: guards.certificateChain }, app);
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(`port ${typeof address === "object" ? address?.port : address}`);
});

/** Throws what becomes a 400. */
function asked({ read }: Method, request: Request) {
  try {
    return read(request.body);
  } catch (error) {
    throw Object.assign(new Error(String(error)), { status: 400 });
  }
}

function metadataOf(request: Request): Metadata {
  const metadata = new Metadata();
  metadata.set("x-request-id", randomUUID());
  for (const name of ["authorization", "traceparent"]) {
    const value = request.get(name);
    if (value !== undefined) metadata.set(name, value);
  }
  return metadata;
}

function refuse(response: Response, code: number, message: string): void {
  if (response.headersSent) return;
  response.status(code).json({ error: { code, message } });
}

function httpOf({ code }: ServiceError): number {
  if (code === grpcStatus.INVALID_ARGUMENT) return 400;
  if (code === grpcStatus.RESOURCE_EXHAUSTED) return 429;
  if (code === grpcStatus.DEADLINE_EXCEEDED) return 504;
  return code === grpcStatus.UNAVAILABLE ? 503 : 500;
}

/** Who calls, whether they may, and how often they did in this minute. */
function callersOf(rules: NonNullable<ExpressSettings["guards"]>) {
  const { keys }: { keys: (JsonWebKey & { kid?: string; alg?: "ES256" })[] } = JSON.parse(
    rules.keys,
  );
  const byId = new Map(keys.map((key) => [key.kid, createPublicKey({ key, format: "jwk" })]));
  // As the edge does, it checks the signature of a token once, not with each call.
  const known = new Map<string, Caller>();
  const counts = new Map<string, number>();
  setInterval(() => counts.clear(), 60_000).unref();
  const read = (token: string): Caller | undefined => {
    const found = known.get(token);
    if (found !== undefined) return found;
    const key = byId.get(jsonwebtoken.decode(token, { complete: true })?.header.kid);
    if (key === undefined) return undefined;
    const claims = jsonwebtoken.verify(token, key, {
      algorithms: ["ES256", "RS256"],
      issuer: rules.issuer,
      audience: rules.audience,
    });
    if (typeof claims === "string" || claims.sub === undefined) return undefined;
    const caller = {
      subject: claims.sub,
      scopes: String(claims["scope"]).split(" "),
      expires: (claims.exp ?? 0) * 1000,
    };
    if (known.size >= 1_000) known.clear();
    known.set(token, caller);
    return caller;
  };
  return (request: Request, response: Response, next: NextFunction): void => {
    const token = /^Bearer (.+)$/.exec(request.get("authorization") ?? "")?.[1];
    let caller: Caller | undefined;
    try {
      caller = token === undefined ? undefined : read(token);
    } catch {
      caller = undefined;
    }
    if (caller === undefined || caller.expires <= Date.now()) {
      refuse(response, 401, "A good token is needed.");
      return;
    }
    if (!caller.scopes.includes(rules.scope)) {
      refuse(response, 403, "The scope is missing.");
      return;
    }
    const count = (counts.get(caller.subject) ?? 0) + 1;
    counts.set(caller.subject, count);
    response.setHeader("x-ratelimit-limit", rules.requestsPerMinute);
    response.setHeader("x-ratelimit-remaining", Math.max(0, rules.requestsPerMinute - count));
    if (count > rules.requestsPerMinute) refuse(response, 429, "Too many requests.");
    else next();
  };
}

interface Caller {
  readonly subject: string;
  readonly scopes: readonly string[];
  /** In milliseconds since 1970. */
  readonly expires: number;
}

/** One line of JSON for each call, written together a few times a second. */
function logged() {
  const lines: string[] = [];
  setInterval(() => process.stdout.write(lines.splice(0).join("")), 250).unref();
  const log = createLog("express-gateway", "info", { write: (line) => void lines.push(line) });
  return (request: Request, response: Response, next: NextFunction): void => {
    const begin = performance.now();
    response.on("close", () => {
      const { method, path } = request;
      log.info(
        { method, path, status: response.statusCode, ms: performance.now() - begin },
        "call",
      );
    });
    next();
  };
}
