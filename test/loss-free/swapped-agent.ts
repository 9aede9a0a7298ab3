// An agent without the kit that listens in four places, one of them with TLS.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { agentPb, agentService } from "@smartcall/protos";
import { makeIdentity } from "../harness/certificates.ts";
import { pause } from "../harness/eventually.ts";

/** Where it can be reached. */
export interface Place {
  /** What an agent's `instances` in mesh.yaml is then. */
  readonly instances: unknown;
  /** What it answers there when it is asked `askWhere`: one of these. */
  readonly answeredBy: readonly string[];
}

/** It runs. */
export interface SwappedAgent {
  /** None is answered by whom the next, or the first after the last, is answered by. */
  readonly places: readonly Place[];
  /** One that is none of these. */
  readonly fresh: Place;
  stop(): void;
}

/** Asked this, it tells the place instead of saying it. */
export const askWhere = "where?";

/**
 * Starts it; the authority's certificate of its TLS is in `folder`. It says what it is told; asked
 * to stream "until FILE" it counts, a number every 100 ms, until there is that file.
 */
export async function startSwappedAgent(folder: string): Promise<SwappedAgent> {
  const authority = await makeIdentity("swapped authority", []);
  const { cert, key } = await makeIdentity("swapped", ["one.internal", "two.internal"], authority);
  writeFileSync(join(folder, "swapped.pem"), authority.cert);
  const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) };
  const plain = ServerCredentials.createInsecure();
  const servers = [
    serverWith("one", plain),
    serverWith("two", plain),
    serverWith("three", plain),
    serverWith("secure", ServerCredentials.createSsl(null, [pair])),
  ];
  const ports = await Promise.all(servers.map(({ port }) => port));
  const [one, two, three, secure] = ports.map((port) => `127.0.0.1:${port}`);
  const at = (instances: unknown, ...answeredBy: readonly string[]): Place => ({
    instances,
    answeredBy,
  });
  const named = (name: string): Place =>
    at({ static: [secure], tls: { ca: { file: "swapped.pem" }, name } }, "secure");
  return {
    fresh: at({ static: [three] }, "three"),
    places: [
      at({ static: [one] }, "one"),
      named("one.internal"),
      at({ static: [two] }, "two"),
      named("two.internal"),
      at({ dns: `localhost:${ports[0]}` }, "one"),
      named("one.internal"),
      at({ static: [one, two] }, "one", "two"),
      named("two.internal"),
    ],
    stop: () => {
      for (const { server } of servers) server.forceShutdown();
    },
  };
}

function serverWith(
  place: string,
  credentials: ServerCredentials,
): { server: Server; port: Promise<number> } {
  const server = new Server();
  server.addService(agentService, {
    invoke(
      { request }: ServerUnaryCall<agentPb.InvokeRequest, agentPb.InvokeResponse>,
      callback: sendUnaryData<agentPb.InvokeResponse>,
    ) {
      const message = new agentPb.Message();
      message.setRole("assistant");
      const text = textOf(request);
      message.setContent(text === askWhere ? place : text);
      const response = new agentPb.InvokeResponse();
      response.setMessage(message);
      callback(null, response);
    },
    stream(call: ServerWritableStream<agentPb.InvokeRequest, agentPb.StreamEvent>) {
      count(call).catch((error: unknown) => call.emit("error", error));
    },
    converse: () => undefined,
  });
  const port = new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return { server, port };
}

async function count(
  call: ServerWritableStream<agentPb.InvokeRequest, agentPb.StreamEvent>,
): Promise<void> {
  const file = textOf(call.request).replace("until ", "");
  let number = 1;
  for (; !existsSync(file) && !call.cancelled; number += 1) {
    const event = new agentPb.StreamEvent();
    event.setSequence(number);
    const delta = new agentPb.Delta();
    delta.setContent(`${number} `);
    event.setDelta(delta);
    call.write(event);
    await pause(100);
  }
  const last = new agentPb.StreamEvent();
  last.setSequence(number);
  const done = new agentPb.Done();
  done.setFinishReason("stop");
  last.setDone(done);
  call.write(last);
  call.end();
}

function textOf(request: agentPb.InvokeRequest): string {
  return request.getMessagesList().at(-1)?.getContent() ?? "";
}
