// API7:2023: the one thing that the mesh fetches by itself, an issuer's keys, from places that are traps.
import { createServer, type Server } from "node:https";
import { checkFiles } from "@smartcall/control-plane/dist/config/check-files.js";
import { fetchKeySet } from "@smartcall/control-plane/dist/source/issuer-keys/fetch-key-set.js";
import { expect } from "chai";
import { foreignIssuer } from "../../edge/foreign-issuer.ts";
import { makeIdentity } from "../../harness/certificates.ts";

/** Ways to write this machine, its network, and where clouds keep credentials. */
const traps: readonly string[] = [
  "127.0.0.1",
  "127.1",
  "2130706433",
  "0x7f000001",
  "0177.0.0.1",
  "0.0.0.0",
  "localhost",
  "localhost.",
  "LOCALHOST",
  "login.localhost",
  "[::1]",
  "[::]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[64:ff9b::7f00:1]",
  "[fe80::1]",
  "[fd00::1]",
  "10.0.0.1",
  "172.16.0.1",
  "192.168.1.1",
  "100.64.0.1",
  "169.254.169.254",
  "[::ffff:169.254.169.254]",
  "2852039166",
  "0xa9.0xfe.0xa9.0xfe",
  "[fd00:ec2::254]",
  "metadata.google.internal",
];

const refusedPlace = /is not public|no issuer can be/;

describe("OWASP API7: server side request forgery", () => {
  const issuer = foreignIssuer("https://login.test");
  let server: Server;
  let port = 0;
  let authorities = "";
  let asked = 0;
  let answer: Readonly<Record<string, string>> = {};
  before(async () => {
    const authority = await makeIdentity("authority", []);
    const { cert, key } = await makeIdentity("login.test", ["login.test"], authority);
    authorities = authority.cert;
    server = createServer({ cert, key }, (_, response) => {
      asked += 1;
      response.writeHead(answer["location"] === undefined ? 200 : 302, answer).end(issuer.keys);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
  });
  beforeEach(() => {
    asked = 0;
    answer = {};
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const fetchFrom = async (
    url: string,
    internal: boolean,
    resolve: (host: string) => Promise<readonly string[]> = async () => ["127.0.0.1"],
  ): Promise<string> => {
    const place = { issuer: issuer.name, url, internal, authorities };
    const fetched = await fetchKeySet(place, resolve, 2_000);
    return fetched.ok ? "fetched" : fetched.problem;
  };

  it("keys come from where the operator says, also inside where that is said", async () => {
    expect(await fetchFrom(`https://login.test:${port}/`, true)).to.equal("fetched");
    expect(asked).to.equal(1);
  });

  it("no way to write a private address leads there", async () => {
    for (const host of traps) {
      expect(await fetchFrom(`https://${host}:${port}/`, false), host).to.match(refusedPlace);
    }
    expect(asked).to.equal(0);
  });

  it("nor does a name that leads there, at once or beside a good address or a moment later", async () => {
    const url = `https://login.test:${port}/`;
    for (const address of ["127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "10.0.0.1"]) {
      expect(await fetchFrom(url, false, async () => [address])).to.match(refusedPlace);
      const beside = async () => ["93.184.216.34", address];
      expect(await fetchFrom(url, false, beside)).to.match(refusedPlace);
    }
    let looks = 0;
    const rebinding = async (): Promise<readonly string[]> => {
      looks += 1;
      return [looks === 1 ? "192.0.2.1" : "127.0.0.1"];
    };
    expect(await fetchFrom(url, true, rebinding)).to.not.equal("fetched");
    expect([looks, asked]).to.deep.equal([1, 0]);
  });

  it("where clouds keep credentials is asked by nobody, even if inside is allowed", async () => {
    for (const address of ["169.254.169.254", "::ffff:169.254.169.254", "fd00:ec2::254"]) {
      const there = async () => [address];
      expect(await fetchFrom(`https://login.test:${port}/`, true, there)).to.match(
        /no issuer can be/,
      );
    }
  });

  it("no answer sends it elsewhere", async () => {
    for (const location of [
      "https://169.254.169.254/latest/meta-data",
      `https://login.test:${port}/other`,
      "file:///etc/passwd",
    ]) {
      answer = { location };
      expect(await fetchFrom(`https://login.test:${port}/`, true)).to.match(/not followed/);
    }
    expect(asked).to.equal(3);
  });

  it("mesh.yaml takes no such place to begin with", async () => {
    const problems = async (url: string, internal = false): Promise<readonly string[]> => {
      const text = `mesh: m\nidentity:\n  - { issuer: https://login.test, audiences: [a], keys: { url: ${JSON.stringify(url)}, internal: ${internal} } }\nagents: { echo: {} }\n`;
      const files = [{ name: "mesh.yaml", text }];
      const checked = await checkFiles({ kind: "files", files, hash: "" }, new Date());
      return checked.ok ? [] : checked.diagnostics.map(({ code }) => code);
    };
    expect(await problems("https://login.example.com/jwks.json")).to.deep.equal([]);
    for (const url of [
      "http://login.example.com/jwks.json",
      "file:///etc/passwd",
      "ftp://login.example.com/",
      "https://me:secret@login.example.com/",
      "https://127.0.0.1/",
      "https://169.254.169.254/",
      "https://[::1]/",
      "https://2130706433/",
      "https://localhost/",
    ]) {
      expect(await problems(url), url).to.not.deep.equal([]);
    }
    expect(await problems("https://127.0.0.1/", true)).to.deep.equal([]);
    for (const host of ["169.254.169.254", "[fe80::1]", "0.0.0.0", "[::]", "[fd00:ec2::254]"]) {
      expect(await problems(`https://${host}/`, true), host).to.deep.equal(["SC416"]);
    }
  });
});
