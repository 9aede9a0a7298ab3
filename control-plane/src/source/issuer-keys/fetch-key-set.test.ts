// Fetching a key set, from a server that does what a test wants.

import { generateKeyPairSync } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { expect } from "chai";
import { type Fetched, fetchKeySet } from "./fetch-key-set.ts";
import type { KeyPlace } from "./key-place.ts";
import { testCertificate } from "./test-certificate.test.ts";

const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const key = { ...publicKey.export({ format: "jwk" }), kid: "one", alg: "ES256", use: "sig" };
const good = JSON.stringify({ keys: [key] });

describe("fetching the keys of an issuer", () => {
  let server: Server;
  let certificate: string;
  let port = 0;
  let asked: string[] = [];
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  before(async () => {
    const pair = await testCertificate("login.test");
    certificate = pair.certificate;
    server = createServer({ cert: certificate, key: pair.privateKey }, (request, response) => {
      asked.push(JSON.stringify(request.headers));
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const bound = server.address();
    port = typeof bound === "object" && bound !== null ? bound.port : 0;
  });
  beforeEach(() => {
    asked = [];
    answer = (_, response) => response.end(good);
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const place = (more: Partial<KeyPlace> = {}): KeyPlace => ({
    issuer: "https://login.test",
    url: `https://login.test:${port}/jwks.json`,
    internal: true,
    authorities: certificate,
    ...more,
  });
  const here = async (): Promise<readonly string[]> => ["127.0.0.1"];
  const fetch = (more: Partial<KeyPlace> = {}, patienceMs = 5_000): Promise<Fetched> =>
    fetchKeySet(place(more), here, patienceMs);
  const problemOf = async (fetched: Promise<Fetched>): Promise<string> => {
    const got = await fetched;
    return got.ok ? "none" : got.problem;
  };

  it("gives its public keys, how many were of no use, and how long they stay", async () => {
    answer = (_, response) => {
      response.setHeader("cache-control", "public, max-age=120");
      response.end(JSON.stringify({ keys: [{ kty: "new" }, { ...key, use: "enc" }, key] }));
    };
    const fetched = await fetch();
    expect(fetched).to.include({ ok: true, ignored: 2, maxAgeMs: 120_000 });
    if (fetched.ok) expect(JSON.parse(fetched.keys)).to.deep.equal({ keys: [key] });
  });

  it("sends no credentials", async () => {
    await fetch();
    expect(asked).to.have.length(1);
    expect(asked.join()).to.not.match(/authorization|cookie/i);
  });

  it("does not go where it is sent", async () => {
    answer = (_, response) => {
      response.writeHead(302, { location: "https://169.254.169.254/latest" }).end();
    };
    expect(await problemOf(fetch())).to.match(/answers 302, and is not followed/);
    expect(asked).to.have.length(1);
  });

  it("takes nothing larger than 256 KiB, however long it goes on", async () => {
    let sent = 0;
    answer = (_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write("x".repeat(65_536))) sent += 65_536;
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    };
    expect(await problemOf(fetch())).to.equal("it is larger than 256 KiB");
    expect(sent).to.be.lessThan(64 * 1024 * 1024);
  });

  it("waits for no answer that does not come whole in time", async () => {
    answer = (_, response) => response.write("{");
    expect(await problemOf(fetch({}, 300))).to.match(/did not answer whole within 0.3 s/);
    const never = fetchKeySet(place(), () => new Promise(() => undefined), 300);
    expect(await problemOf(never)).to.match(/did not answer whole/);
  });

  it("takes no key that signs, no set without keys, and nothing else", async () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      [JSON.stringify({ keys: [key, privateKey.export({ format: "jwk" })] }), /a key that signs/],
      [JSON.stringify({ keys: [{ ...key, use: "enc" }] }), /no public key/],
      ["<html>", /no JSON Web Key Set/],
    ];
    for (const [text, problem] of wrong) {
      answer = (_, response) => response.end(text);
      expect(await problemOf(fetch())).to.match(problem);
    }
    answer = (_, response) => response.writeHead(500).end(good);
    expect(await problemOf(fetch())).to.equal("it answers 500");
  });

  it("believes only a server that its authorities vouch for, under its own name", async () => {
    const other = await testCertificate("login.test");
    expect(await problemOf(fetch({ authorities: other.certificate }))).to.match(/certificate/);
    expect(await problemOf(fetch({ authorities: undefined }))).to.match(/certificate/);
    expect(await problemOf(fetch({ authorities: "" }))).to.match(/file of its authorities/);
    const named = fetch({ url: `https://other.test:${port}/` });
    expect(await problemOf(named)).to.match(/altnames/);
    expect(asked).to.deep.equal([]);
  });

  it("asks by https, and with no password", async () => {
    expect(await problemOf(fetch({ url: `http://login.test:${port}/` }))).to.match(/https/);
    expect(await problemOf(fetch({ url: `https://a:b@login.test:${port}/` }))).to.match(/password/);
    expect(asked).to.deep.equal([]);
  });

  it("asks no address that is not public, unless it may, and then none of the machine's cloud", async () => {
    const addresses = [
      "127.0.0.1",
      "10.1.2.3",
      "192.168.0.1",
      "169.254.169.254",
      "0.0.0.0",
      "224.0.0.1",
      "::1",
      "fe80::1",
      "fd00:ec2::254",
      "::ffff:127.0.0.1",
      "::ffff:169.254.169.254",
      "64:ff9b::a9fe:a9fe",
    ];
    const forbidden = (address: string, internal: boolean): Promise<string> =>
      problemOf(fetchKeySet(place({ internal }), async () => [address], 200));
    for (const address of addresses) {
      expect(await forbidden(address, false), address).to.match(/not public|no issuer can be/);
      const literal = address.includes(":") ? `[${address}]` : address;
      const url = `https://${literal}:${port}/`;
      expect(await problemOf(fetch({ url, internal: false })), url).to.match(
        /not public|no issuer can be/,
      );
    }
    for (const address of addresses.filter((each) =>
      /169\.254|a9fe|^0|^224|^fe80|ec2/.test(each),
    )) {
      expect(await forbidden(address, true), address).to.match(/where no issuer can be/);
    }
    const one = problemOf(
      fetchKeySet(place({ internal: false }), async () => ["93.184.216.34", "127.0.0.1"]),
    );
    expect(await one).to.match(/leads to 127.0.0.1/);
    for (const url of ["https://2130706433/", "https://0x7f.1/", "https://127.1/"]) {
      expect(await problemOf(fetch({ url, internal: false })), url).to.match(
        /127.0.0.1.*not public/,
      );
    }
    expect(asked).to.deep.equal([]);
  });

  it("asks the address that was checked, whatever the name leads to a moment later", async () => {
    let looks = 0;
    const rebinding = async (): Promise<readonly string[]> => {
      looks += 1;
      return looks === 1 ? ["127.0.0.1"] : ["127.0.0.2"];
    };
    expect((await fetchKeySet(place(), rebinding)).ok).to.equal(true);
    expect(looks).to.equal(1);
  });
});
