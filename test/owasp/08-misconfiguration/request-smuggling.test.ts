// API8:2023: requests whose end two servers would see in two places.
import { expect } from "chai";
import { type RawAnswer, requestText, sayRaw } from "../../harness/raw-http.ts";
import { asking } from "../../harness/rest.ts";
import { type Attacked, attacked } from "../attacked.ts";

const body = JSON.stringify(asking("hello"));

describe("OWASP API8: request smuggling", () => {
  let mesh: Attacked;
  let authorization: string;
  before(async () => {
    mesh = await attacked();
    authorization = `authorization: Bearer ${mesh.gateway.token()}`;
  });

  /** What would be another request, had the first ended earlier: for the vault, by its own caller. */
  const smuggled = (): string => {
    const token = mesh.gateway.token({ claims: { plan: "gold" } });
    const headers = ["content-type: application/json", `authorization: Bearer ${token}`];
    return requestText("POST /v1/agents/vault:invoke HTTP/1.1", headers, body);
  };
  const head = (...lines: readonly string[]): string =>
    [
      "POST /v1/agents/echo:invoke HTTP/1.1",
      "host: localhost",
      "content-type: application/json",
      authorization,
      ...lines,
      "",
      "",
    ].join("\r\n");
  const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

  it("whole requests, one after the other, are each answered once", async () => {
    const one = head(`content-length: ${body.length}`) + body;
    const two = `${head("transfer-encoding: chunked")}${chunk(body)}0\r\n\r\n`;
    const vault = mesh.vault.seen.length;
    const { statuses } = await sayRaw(mesh.gateway, one + two + one + smuggled());
    expect(statuses).to.deep.equal([200, 200, 200, 200]);
    expect(mesh.vault.seen.length).to.equal(vault + 1);
  });

  /** Each has what is smuggled after it, where a careless reader would see a request begin. */
  const attacks: Readonly<Record<string, () => string>> = {
    "a length and chunks (CL.TE)": () =>
      `${head(`content-length: ${5 + smuggled().length}`, "transfer-encoding: chunked")}0\r\n\r\n${smuggled()}`,
    "chunks and a length (TE.CL)": () =>
      `${head("transfer-encoding: chunked", "content-length: 4")}${chunk(smuggled())}0\r\n\r\n`,
    "two lengths": () =>
      `${head(`content-length: ${body.length}`, "content-length: 0")}${body}${smuggled()}`,
    "a list of lengths": () => `${head(`content-length: 0, ${body.length}`)}${body}${smuggled()}`,
    "a length with a sign": () => `${head("content-length: +0")}${smuggled()}`,
    "a negative length": () => `${head("content-length: -1")}${smuggled()}`,
    "a length in hexadecimal": () => `${head("content-length: 0x0")}${smuggled()}`,
    "a length that overflows": () => `${head("content-length: 18446744073709551616")}${smuggled()}`,
    "two codings": () =>
      `${head("transfer-encoding: chunked", "transfer-encoding: identity")}0\r\n\r\n${smuggled()}`,
    "a coding that nobody knows": () =>
      `${head("transfer-encoding: xchunked")}0\r\n\r\n${smuggled()}`,
    "chunks that are not last": () =>
      `${head("transfer-encoding: chunked, identity")}0\r\n\r\n${smuggled()}`,
    "a coding after a vertical tab": () =>
      `${head("transfer-encoding:\u000bchunked", "content-length: 5")}0\r\n\r\n${smuggled()}`,
    "a coding in quotes": () => `${head('transfer-encoding: "chunked"')}0\r\n\r\n${smuggled()}`,
    "a name with a space before its colon": () =>
      `${head("transfer-encoding : chunked", "content-length: 5")}0\r\n\r\n${smuggled()}`,
    "a header that is folded": () =>
      `${head("x-a: b\r\n transfer-encoding: chunked", "content-length: 5")}0\r\n\r\n${smuggled()}`,
    "a coding that is folded": () =>
      `${head("transfer-encoding:\r\n chunked", "content-length: 5")}0\r\n\r\n${smuggled()}`,
    "a header without a colon": () => `${head("transfer-encoding chunked")}${smuggled()}`,
    "a carriage return in a value": () =>
      `${head("x-a: b\rtransfer-encoding: chunked", "content-length: 5")}0\r\n\r\n${smuggled()}`,
    "a NUL in a value": () => `${head("x-a: b\u0000c", "content-length: 0")}${smuggled()}`,
    "a chunk whose size is no number": () =>
      `${head("transfer-encoding: chunked")}zz\r\n\r\n${smuggled()}`,
    "a chunk whose size overflows": () =>
      `${head("transfer-encoding: chunked")}fffffffffffffffff\r\n\r\n${smuggled()}`,
    "a chunk with a size below nothing": () =>
      `${head("transfer-encoding: chunked")}-1\r\n\r\n${smuggled()}`,
    "a chunk longer than its size": () =>
      `${head("transfer-encoding: chunked")}1\r\nabc\r\n0\r\n\r\n${smuggled()}`,
    "HTTP/1.0 with chunks": () =>
      `${head("transfer-encoding: chunked").replace("HTTP/1.1", "HTTP/1.0")}0\r\n\r\n${smuggled()}`,
    "another version": () => head("content-length: 0").replace("HTTP/1.1", "HTTP/9.9") + smuggled(),
    "lines before it that are none": () => `abc\r\n${head("content-length: 0")}${smuggled()}`,
  };
  it("none of two meanings gets a second one in", async () => {
    const before = mesh.vault.seen.length;
    const all = Object.entries(attacks).map(
      async ([words, make]): Promise<readonly [string, RawAnswer]> => [
        words,
        await sayRaw(mesh.gateway, make(), 8_000),
      ],
    );
    for (const [words, { statuses, closed, text }] of await Promise.all(all)) {
      expect(statuses.length, `${words}: ${text}`).to.be.at.most(1);
      const [status = 400] = statuses;
      expect(status, words).to.be.within(400, 501);
      expect(closed, words).to.equal(true);
    }
    expect(mesh.vault.seen.length).to.equal(before);
  });

  it("extensions of chunks and trailers change nothing, and add nothing", async () => {
    const before = mesh.vault.seen.length;
    const extended = `${body.length.toString(16)};a="b\r\n${body}\r\n0;x=y\r\nsmartcall-agent: vault\r\nsmartcall-claims: e30\r\n\r\n`;
    const { statuses } = await sayRaw(
      mesh.gateway,
      `${head("transfer-encoding: chunked", "connection: close")}${extended}`,
    );
    expect(statuses[0]).to.be.oneOf([200, 400]);
    expect(mesh.vault.seen.length).to.equal(before);
    const metadata = mesh.agent.seen.at(-1);
    expect(metadata?.get("smartcall-agent")).to.deep.equal(["echo"]);
    expect(metadata?.get("smartcall-claims")).to.not.include("e30");
  });

  it("a line that ends without a carriage return has ended, for all that comes after", async () => {
    const before = mesh.vault.seen.length;
    const bare = head("content-length: 0").replaceAll("\r\n", "\n");
    const { statuses } = await sayRaw(mesh.gateway, bare + smuggled(), 8_000);
    // Read as lines, these are two requests, and the second has a token of its own.
    expect(statuses.length).to.be.at.most(2);
    const last = statuses.at(-1);
    expect(mesh.vault.seen.length - before).to.equal(statuses.length === 2 && last === 200 ? 1 : 0);
    const inside = head("x-a: b\n\nGET /v1/agents/vault:invoke HTTP/1.1", "content-length: 0");
    const answer = await sayRaw(mesh.gateway, inside, 8_000);
    // What comes after has no token, whoever's the lines before it were.
    expect(answer.statuses.slice(1)).to.not.include(200);
  });
});
