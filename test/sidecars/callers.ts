// Calls sidecars: as their own agents do, and as strangers would.

import {
  type ChannelCredentials,
  credentials,
  type ServiceError,
  type StatusObject,
} from "@grpc/grpc-js";
import { AgentServiceClient, type agentPb } from "@smartcall/protos";
import { type GrpcCall, type GrpcReply, metadataOf } from "../harness/grpc.ts";
import type { SidecarMesh } from "./mesh.ts";

type Call = Pick<GrpcCall, "agent" | "token" | "metadata" | "request">;

/** What an agent's own program calls others with, by its sidecar; its caller closes it. */
export function ownClient(mesh: SidecarMesh, agent: string): AgentServiceClient {
  return new AgentServiceClient(mesh.sidecar(agent).calls, credentials.createInsecure());
}

/** Calls `Invoke` as an agent's own program. */
export function invokeAs(mesh: SidecarMesh, agent: string, call: Call): Promise<GrpcReply> {
  return invokeBy(ownClient(mesh, agent), call);
}

/**
 * Calls `Invoke` at the port of an agent's sidecar.
 *
 * @param shown a client's certificate and its key, PEM; undefined shows none
 */
export function invokeAt(
  mesh: SidecarMesh,
  agent: string,
  shown: { readonly certificate: string; readonly privateKey: string } | undefined,
  call: Call,
): Promise<GrpcReply> {
  return invokeBy(
    new AgentServiceClient(`127.0.0.1:${mesh.sidecar(agent).port}`, secure(mesh.ca, shown)),
    call,
  );
}

/** A certificate of the mesh's own authority. */
export function certificateOf(mesh: SidecarMesh, owner: string) {
  const now = Date.now();
  return mesh.authority.issueNodeIdentity({
    commonName: owner,
    names: [{ type: "url", value: `spiffe://trees/${owner}` }],
    validFrom: new Date(now - 60_000),
    validUntil: new Date(now + 600_000),
  });
}

async function invokeBy(client: AgentServiceClient, call: Call): Promise<GrpcReply> {
  const options = { deadline: Date.now() + 20_000 };
  try {
    return await new Promise((resolve) => {
      client.invoke(
        call.request,
        metadataOf(call),
        options,
        (error: ServiceError | null, response?: agentPb.InvokeResponse) => {
          if (error !== null) resolve({ ok: false, error });
          else if (response !== undefined) resolve({ ok: true, response });
        },
      );
    });
  } finally {
    client.close();
  }
}

/** Calls `Stream` as an agent's own program, and reads all of it. */
export async function streamAs(
  mesh: SidecarMesh,
  agent: string,
  call: Call,
): Promise<{ readonly events: readonly agentPb.StreamEvent[]; readonly status: StatusObject }> {
  const client = ownClient(mesh, agent);
  try {
    const stream = client.stream(call.request, metadataOf(call));
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

function secure(
  ca: string,
  shown: { readonly certificate: string; readonly privateKey: string } | undefined,
): ChannelCredentials {
  const key = shown === undefined ? null : Buffer.from(shown.privateKey);
  const chain = shown === undefined ? null : Buffer.from(shown.certificate);
  // Sidecars have names of the mesh, and none of hosts.
  const verify = { checkServerIdentity: () => undefined };
  return credentials.createSsl(Buffer.from(ca), key, chain, verify);
}

/** Fails with the refusal's words where a call was not answered. */
export function taken(reply: GrpcReply): void {
  if (!reply.ok) throw reply.error;
}
