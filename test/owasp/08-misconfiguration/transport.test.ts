// API8:2023: nothing older than TLS 1.2 and no cipher that is broken, and what every answer says.
import { type ConnectionOptions, connect } from "node:tls";
import { Metadata } from "@grpc/grpc-js";
import { expect } from "chai";
import { offer } from "../../harness/client-hello.ts";
import { clientFor, saying } from "../../harness/grpc.ts";
import { requestText, sayRaw } from "../../harness/raw-http.ts";
import { callRest, type RestReply } from "../../harness/rest.ts";
import { type Attacked, attacked } from "../attacked.ts";

const strict = "max-age=31536000";

/** ECDHE-ECDSA with AES-128-GCM, AES-256-GCM and ChaCha20-Poly1305. */
const strong = [0xc02b, 0xc02c, 0xcca9];

/**
 * By their numbers: NULL, RC4, DES and 3DES, anonymous, RSA without forward secrecy (CBC and
 * GCM), and ECDHE with CBC and SHA-1 or SHA-2.
 */
const weak = [
  0x0001, 0x0002, 0x0004, 0x0005, 0x0009, 0x000a, 0x0016, 0x0018, 0x001b, 0x002f, 0x0033, 0x0034,
  0x0035, 0x0039, 0x003c, 0x003d, 0x009c, 0x009d, 0xc006, 0xc007, 0xc008, 0xc009, 0xc00a, 0xc011,
  0xc012, 0xc013, 0xc014, 0xc018, 0xc023, 0xc024, 0xc027, 0xc028,
];

/** Programs, and what Envoy and its like say of themselves. */
const telling = /^(server|via|x-powered-by|x-envoy-.*|x-aspnet-version|alt-svc)$/;

describe("OWASP API8: transport", () => {
  let mesh: Attacked;
  before(async () => {
    mesh = await attacked();
  });

  const handshake = (options: ConnectionOptions): Promise<string> =>
    new Promise((resolve) => {
      const { port, ca } = mesh.gateway;
      const socket = connect({ host: "127.0.0.1", port, servername: "localhost", ca, ...options });
      socket.once("secureConnect", () => {
        const { name } = socket.getCipher();
        resolve(`${String(socket.getProtocol())} ${name}`);
        socket.destroy();
      });
      socket.once("error", (error) => resolve(`refused: ${error.message}`));
    });

  it("TLS 1.2 and 1.3 are spoken, with ciphers that keep secrets whatever comes out later", async () => {
    const newest = await handshake({});
    expect(newest).to.match(/^TLSv1\.3 TLS_(AES|CHACHA20)/);
    const older = await handshake({ maxVersion: "TLSv1.2" });
    expect(older).to.match(/^TLSv1\.2 ECDHE-.*-(GCM-SHA\d+|POLY1305)$/);
  });

  it("nothing older is", async () => {
    const { port } = mesh.gateway;
    expect(await offer(port, strong, 0x0303)).to.equal("hello");
    for (const version of [0x0302, 0x0301, 0x0300]) {
      expect(await offer(port, [...strong, ...weak], version)).to.equal("protocol_version");
    }
  });

  it("no cipher is taken that is broken or keeps no secret for long", async () => {
    const { port } = mesh.gateway;
    for (const cipher of weak) {
      const met = await offer(port, [cipher]);
      expect(met, cipher.toString(16)).to.equal("handshake_failure");
    }
    expect(await offer(port, weak)).to.equal("handshake_failure");
    for (const cipher of strong) expect(await offer(port, [cipher])).to.equal("hello");
  });

  it("plain HTTP is not spoken on its port", async () => {
    const page = fetch(`http://127.0.0.1:${mesh.gateway.port}/healthz`);
    const met = await page.then(
      ({ status }) => status,
      () => "none",
    );
    expect(met).to.equal("none");
  });

  const answers: Readonly<Record<string, () => Promise<RestReply>>> = {
    "200 of an agent": () => mesh.call(),
    "200 of a stream": () => mesh.call({ path: "/v1/agents/echo:stream" }),
    "200 of a page": () => callRest(mesh.gateway, { method: "GET", path: "/healthz" }),
    "400 of the gateway": () => mesh.call({ body: "{" }),
    "400 of an agent": () => mesh.call({ path: "/v1/agents/echo:invoke?a=b" }),
    "401": () => mesh.call({ token: "nonsense" }),
    "403": () => mesh.call({ path: "/v1/agents/vault:invoke" }),
    "404": () => mesh.call({ path: "/nowhere" }),
    "405": () => mesh.call({ method: "PUT" }),
    "413": () => mesh.call({ body: "a".repeat(6_000_000) }),
    "403 of an upgrade": () =>
      mesh.call({ method: "GET", headers: { connection: "Upgrade", upgrade: "websocket" } }),
  };
  for (const [words, answer] of Object.entries(answers)) {
    it(`${words} says that TLS stays, and not what runs here`, async () => {
      const { status, headers } = await answer();
      expect(status).to.equal(Number(words.slice(0, 3)));
      expect(headers["strict-transport-security"]).to.equal(strict);
      expect(headers["x-content-type-options"]).to.equal("nosniff");
      expect(Object.keys(headers).filter((name) => telling.test(name))).to.deep.equal([]);
    });
  }

  it("so do answers to gRPC, and to what is no HTTP", async () => {
    const client = clientFor(mesh.gateway);
    try {
      for (const token of [mesh.gateway.token(), "nonsense"]) {
        const metadata = new Metadata();
        metadata.set("smartcall-agent", "echo");
        metadata.set("authorization", `Bearer ${token}`);
        const heard = await new Promise<Metadata>((resolve) => {
          const call = client.invoke(saying("hello"), metadata, {}, (error) => {
            if (error !== null) resolve(error.metadata);
          });
          call.once("metadata", resolve);
        });
        expect(heard.get("strict-transport-security")).to.deep.equal([strict]);
        expect(Object.keys(heard.getMap()).filter((name) => telling.test(name))).to.deep.equal([]);
      }
    } finally {
      client.close();
    }
    for (const said of [
      requestText("GET nonsense HTTP/1.1", []),
      requestText("OPTIONS * HTTP/1.1", []),
      requestText("CONNECT example.com:443 HTTP/1.1", []),
      requestText("GET / HTTP/1.1", ["a b: c"]),
      requestText("GET / HTTP/1.0", []),
    ]) {
      const { text, statuses } = await sayRaw(mesh.gateway, said);
      expect(statuses, said).to.have.length(1);
      expect(text.toLowerCase(), said).to.contain(`strict-transport-security: ${strict}`);
      expect(text, said).to.not.match(/^(server|via|x-envoy-[^:]*|x-powered-by):/im);
    }
  });
});
