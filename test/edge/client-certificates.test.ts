// Client certificates at the edge: who is believed, and what a change of it touches.

import { connect, type TLSSocket } from "node:tls";
import { expect } from "chai";
import { type Identity, makeClient, makeIdentity } from "../harness/certificates.ts";
import { eventually } from "../harness/eventually.ts";
import { invokeGrpc, saying } from "../harness/grpc.ts";
import { asking, callRest, openRest } from "../harness/rest.ts";
import { type AuthorisedGateway, startAuthorised } from "./authorisation-mesh.ts";

describe("A client certificate", () => {
  let served: AuthorisedGateway;
  before(async () => {
    served = await startAuthorised();
  });
  after(() => served?.stop());

  const path = "/v1/agents/machine:invoke";
  const statusOf = async (certificate?: Identity): Promise<number> => {
    const shown = certificate && { certificate };
    return (await callRest(served.gateway, { path, body: asking("hello"), ...shown })).status;
  };
  const refusedBy = (certificate: Identity): Promise<unknown> =>
    statusOf(certificate).then(
      (status) => status,
      (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
    );

  it("of an unknown authority, or expired, ends the handshake, for Node and for grpc-js", async () => {
    const stranger = await makeClient(["spiffe://corp/batch"], await makeIdentity("Others", []));
    const namesake = await makeClient(["spiffe://corp/batch"], await makeIdentity("Clients", []));
    const expired = await makeClient(["spiffe://corp/batch"], served.authority, -1_000);
    const ends = [
      [stranger, "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA"],
      [namesake, "ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR"],
      [expired, "ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED"],
    ] as const;
    for (const [certificate, code] of ends) {
      // Over TLS 1.3 a client may hear of the end before it hears why.
      expect(await refusedBy(certificate)).to.be.oneOf([code, "ECONNRESET", "EPIPE"]);
      const call = { agent: "machine", request: saying("hello"), certificate };
      const reply = await invokeGrpc(served.gateway, { ...call, deadlineMs: 5_000 });
      expect(reply.ok).to.equal(false);
    }
    expect(await statusOf(served.certificates.batch)).to.equal(200);
  });

  it("is told to the agent by its names, and nothing else is", async () => {
    await statusOf(served.certificates.several);
    const metadata = served.agent.seen.at(-1);
    expect(metadata?.get("smartcall-certificate")).to.deep.equal([
      "spiffe://corp/web,spiffe://corp/batch",
    ]);
    await statusOf(served.certificates.one);
    const heard = served.agent.seen.at(-1)?.get("smartcall-certificate");
    expect(heard).to.deep.equal(["one.clients.internal"]);
    expect(metadata?.get("x-forwarded-client-cert")).to.deep.equal([]);
  });

  it("is shown anew on each connection: no session outlives it", async () => {
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const first = await handshake(served, version);
      const session = first.session;
      const second = await handshake(served, version, session);
      expect([first.status, second.status]).to.deep.equal(["200", "200"]);
      expect(second.resumed).to.equal(false);
    }
  });

  it("is asked for once an authority is named, of another once that changes, and no stream ends", async () => {
    const { gateway, certificates, authority } = served;
    const others = await makeIdentity("Others", []);
    const stranger = await makeClient(["spiffe://corp/batch"], others);
    const words = Array.from({ length: 80 }, (_, index) => `w${index}`).join(" ");
    const running = await openRest(gateway, {
      path: "/v1/agents/machine:stream",
      body: asking(words),
      certificate: certificates.batch,
    });
    const ended = textOf(running);

    await served.believe(undefined);
    await eventually(async () => expect(await statusOf(certificates.batch)).to.equal(403));
    expect(await statusOf(stranger)).to.equal(403);
    expect(await statusOf()).to.equal(403);

    await served.believe(others.cert);
    await eventually(async () => expect(await statusOf(stranger)).to.equal(200));
    expect(await refusedBy(certificates.batch)).to.be.a("string");

    await served.believe(`${others.cert}\n${authority.cert}`);
    await eventually(async () => expect(await refusedBy(certificates.batch)).to.equal(200));
    expect(await statusOf(stranger)).to.equal(200);
    expect(await statusOf()).to.equal(403);

    expect(await ended).to.contain("w79");
    expect(await gateway.stat("listener_manager.listener_modified")).to.equal(0);
    expect(gateway.refused).to.deep.equal([]);
    await served.believe(authority.cert);
    await eventually(async () => expect(await refusedBy(stranger)).to.be.a("string"));
  });
});

async function textOf(response: AsyncIterable<unknown>): Promise<string> {
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return text;
}

interface Shaken {
  readonly status: string;
  readonly resumed: boolean;
  readonly session: Buffer | undefined;
}

/** Calls on a connection of its own, which tries to resume the session. */
function handshake(
  { gateway, certificates }: AuthorisedGateway,
  version: "TLSv1.2" | "TLSv1.3",
  session?: Buffer,
): Promise<Shaken> {
  const { cert, key } = certificates.batch;
  const { ca, port } = gateway;
  const body = JSON.stringify(asking("hello"));
  const head = `POST /v1/agents/machine:invoke HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({
      host: "localhost",
      port,
      ca,
      cert,
      key,
      minVersion: version,
      maxVersion: version,
      ...(session && { session }),
    });
    let text = "";
    let kept = session;
    let resumed = false;
    socket.once("error", reject);
    socket.once("secureConnect", () => {
      resumed = socket.isSessionReused();
      socket.write(head + body);
    });
    socket.on("session", (ticket: Buffer) => {
      kept = ticket;
    });
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    socket.once("close", () => resolve({ status: text.slice(9, 12), resumed, session: kept }));
  });
}
