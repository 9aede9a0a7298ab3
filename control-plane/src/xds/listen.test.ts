// The port for nodes of other machines, over real TLS.

import { once } from "node:events";
import { connect as connectPlain } from "node:net";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { Server } from "@grpc/grpc-js";
import { systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import { joinedByToken, openAuthority } from "../state/index.ts";
import { must, type TemporaryState, temporaryState } from "../state/temporary-state.test.ts";
import { createDoor } from "./door.ts";
import { type SecurePort, type ShownCertificate, securePort } from "./listen.ts";
import { freePort } from "./running-envoy.test.ts";

describe("the port for other machines", () => {
  let own: TemporaryState;
  let server: Server;
  let secure: SecurePort;
  let port: number;
  let issue: () => Promise<ShownCertificate>;
  let ca: string;
  let close: () => void;
  const sockets: TLSSocket[] = [];

  before(async () => {
    own = await temporaryState();
    const now = new Date();
    const authority = must(
      await openAuthority(own.state, { mesh: "demo", now, report: own.report }),
    );
    ca = authority.certificate;
    issue = async () => {
      const { certificate, privateKey } = await authority.issueServerIdentity({
        commonName: "test",
        names: [{ type: "dns", value: "mesh.test" }],
        validFrom: new Date(now.getTime() - 60_000),
        validUntil: new Date(now.getTime() + 600_000),
      });
      return { certificateChain: certificate, privateKey };
    };
    server = new Server();
    secure = securePort(await issue());
    port = await freePort();
    const joinedBy = joinedByToken("join");
    const door = createDoor({ joinedBy, clock: systemClock, openFiles: 1_024 });
    const listened = await secure.listen(server, { host: "127.0.0.1", port }, door);
    if (!listened.ok) throw new Error(listened.problem);
    ({ close } = listened);
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    close();
    server.forceShutdown();
    await own.remove();
  });

  const reach = async (more: ConnectionOptions = {}): Promise<TLSSocket> => {
    const trust = { ca, servername: "mesh.test", ALPNProtocols: ["h2"] };
    const socket = connect({ host: "127.0.0.1", port, ...trust, ...more });
    sockets.push(socket);
    await once(socket, "secureConnect");
    return socket;
  };
  const failure = async (more: ConnectionOptions): Promise<string> =>
    reach(more).then(
      () => "it is reached",
      (error: NodeJS.ErrnoException) => error.code ?? error.message,
    );

  it("is known by the mesh's authority and its name", async () => {
    expect((await reach()).getProtocol()).to.equal("TLSv1.3");
    expect(await failure({ servername: "other.test" })).to.equal("ERR_TLS_CERT_ALTNAME_INVALID");
    expect(await failure({ ca: undefined })).to.match(/SELF_SIGNED|UNABLE_TO/);
  });

  it("speaks no TLS before 1.2, and nothing in the clear", async () => {
    expect((await reach({ maxVersion: "TLSv1.2" })).getProtocol()).to.equal("TLSv1.2");
    const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL@SECLEVEL=0" } as const;
    // The server's alert: a client that can speak no such version itself fails by other words.
    expect(await failure(old)).to.equal("ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION");
    const plain = connectPlain(port, "127.0.0.1");
    let heard = "";
    plain.on("data", (bytes) => {
      heard += bytes.toString("latin1");
    });
    plain.on("error", () => undefined);
    plain.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0");
    await once(plain, "close");
    // An HTTP/2 server would have sent its settings: a frame of type 4.
    expect(heard.charCodeAt(3)).to.not.equal(4);
  });

  it("shows another certificate to those who come, and drops nobody who is there", async () => {
    const before = await reach();
    const first = before.getPeerCertificate().serialNumber;
    const next = await issue();
    secure.renew(next);
    const after = await reach();
    expect(after.getPeerCertificate().serialNumber).to.not.equal(first);
    expect((await reach()).getPeerCertificate().serialNumber).to.equal(
      after.getPeerCertificate().serialNumber,
    );
    expect(before.destroyed).to.equal(false);
    // HTTP/2's preface and empty settings: a peer that lives answers with its own.
    before.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0");
    const [answer] = await once(before, "data");
    expect(Buffer.isBuffer(answer) && answer[3]).to.equal(4);
  });
});
