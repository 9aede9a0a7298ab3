// Calls a mesh by native gRPC: plain grpc-js and the committed protos, nothing of the kit.
import {
  type CallOptions,
  credentials,
  Metadata,
  type ServiceError,
  type StatusObject,
} from "@grpc/grpc-js";
import { AgentServiceClient, agentPb } from "@smartcall/protos";
import type { Mesh } from "./mesh.ts";

/** One call by gRPC. */
export interface GrpcCall {
  /** Whom the metadata names; undefined names nobody. */
  readonly agent?: string;
  readonly token?: string;
  /** How long its caller waits. Default: without end. */
  readonly deadlineMs?: number;
  readonly request: agentPb.InvokeRequest;
  /** The client's certificate and its key, PEM. Default: none. */
  readonly certificate?: Certificate;
  /** What else its metadata says. */
  readonly metadata?: Readonly<Record<string, string | Buffer>>;
}

interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** How a call ended: its answer, or its error. */
export type GrpcReply =
  | { readonly ok: true; readonly response: agentPb.InvokeResponse }
  | { readonly ok: false; readonly error: ServiceError };

type Server = Pick<Mesh, "ca" | "url">;

/** Calls `Invoke`. */
export async function invokeGrpc(mesh: Server, call: GrpcCall): Promise<GrpcReply> {
  const client = clientFor(mesh, call.certificate);
  try {
    return await new Promise((resolve) => {
      client.invoke(call.request, metadataOf(call), optionsOf(call), (error, response) => {
        if (error !== null) resolve({ ok: false, error });
        else if (response !== undefined) resolve({ ok: true, response });
      });
    });
  } finally {
    client.close();
  }
}

/** Calls `Stream` and reads all of it. */
export async function streamGrpc(
  mesh: Server,
  call: GrpcCall,
): Promise<{ readonly events: readonly agentPb.StreamEvent[]; readonly status: StatusObject }> {
  const client = clientFor(mesh, call.certificate);
  try {
    const stream = client.stream(call.request, metadataOf(call), optionsOf(call));
    const events: agentPb.StreamEvent[] = [];
    return await new Promise((resolve) => {
      stream.on("data", (event: agentPb.StreamEvent) => events.push(event));
      stream.on("error", () => undefined);
      stream.on("status", (status: StatusObject) => resolve({ events, status }));
    });
  } finally {
    client.close();
  }
}

/** A client of the mesh's edge; its caller closes it. */
export function clientFor(mesh: Server, certificate?: Certificate): AgentServiceClient {
  const own = [certificate?.key, certificate?.cert].map((pem) => (pem ? Buffer.from(pem) : null));
  const trust = credentials.createSsl(Buffer.from(mesh.ca), ...own);
  return new AgentServiceClient(new URL(mesh.url).host, trust);
}

/** What a native caller sends beside the request. */
export function metadataOf({
  agent,
  token,
  metadata: others = {},
}: Pick<GrpcCall, "agent" | "token" | "metadata">): Metadata {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(others)) metadata.add(key, value);
  if (agent !== undefined) metadata.set("smartcall-agent", agent);
  if (token !== undefined) metadata.set("authorization", `Bearer ${token}`);
  return metadata;
}

function optionsOf({ deadlineMs }: GrpcCall): CallOptions {
  return deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
}

/** A request with one message. */
export function saying(content: string, role = "user"): agentPb.InvokeRequest {
  const message = new agentPb.Message();
  message.setRole(role);
  message.setContent(content);
  const request = new agentPb.InvokeRequest();
  request.setMessagesList([message]);
  return request;
}
