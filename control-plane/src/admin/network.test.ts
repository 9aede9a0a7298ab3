// The operator's pages as others reach them: over TLS, with a token.

import { mkdtemp, rm } from "node:fs/promises";
import { type IncomingMessage, request as requestPlain } from "node:http";
import { type RequestOptions, request } from "node:https";
import { connect as connectPlain } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { type Clock, systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import {
  type Authority,
  checkToken,
  loadSigningKeys,
  mintToken,
  type Outcome,
  openAuthority,
  openDirectoryState,
  operatorScope,
  rotateSigningKey,
  type SigningKeys,
  type State,
} from "../state/index.ts";
import { readerOf } from "./access.ts";
import { createBudgetOffice } from "./budget-office.ts";
import { jsonBody } from "./json-body.ts";
import { type Listening, listenForOperators, type ShownPair } from "./listen.ts";
import { createMetrics } from "./metrics.ts";
import { createPages } from "./pages.ts";
import { pagesCertificate } from "./pages-certificate.ts";

const report = (): void => undefined;

describe("the operator's pages over the network", () => {
  let folder = "";
  let state: State;
  let authority: Authority;
  let keys: SigningKeys;
  let listening: Listening;
  const closers: (() => Promise<void> | void)[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "smartcall-admin-"));
    state = must(await openDirectoryState(folder));
    authority = must(await openAuthority(state, { mesh: "demo", now: new Date(), report }));
    keys = must(await loadSigningKeys(state, { now: new Date(), report }));
    const app = createPages({
      access: {
        from: "network",
        check: (token) =>
          checkToken(keys, token, { mesh: "demo", scope: operatorScope, now: new Date() }),
      },
      ready: () => true,
      metrics: createMetrics(),
      mesh: () => ({ name: "demo" }),
      files: () => ({}),
      apply: () => undefined,
      nodes: () => [],
      agents: () => [],
      docs: { document: () => undefined, docsFile: () => undefined },
      listed: () => [],
      keys: () => undefined,
      budgets: createBudgetOffice({
        services: [],
        describe: () => undefined,
        audit: { note: () => undefined },
      }),
      keySet: () => '{"keys":[]}',
      forgetNode: () => false,
      failed: report,
    });
    listening = await listenForOperators(app, everywhere, (await certificate()).first);
    closers.push(() => (listening.ok ? listening.close() : undefined));
  });
  after(async () => {
    for (const close of closers.reverse()) await close();
    await rm(folder, { recursive: true });
  });

  const everywhere = { host: "0.0.0.0", port: 0 };
  const certificate = async (more: Partial<Parameters<typeof pagesCertificate>[0]> = {}) => {
    const made = await pagesCertificate({
      state,
      authority,
      host: "0.0.0.0",
      names: ["mesh.example.com"],
      certificateFile: undefined,
      keyFile: undefined,
      clock: systemClock,
      report,
      changed: report,
      refused: report,
      ...more,
    });
    if (!made.ok) throw new Error(made.problem);
    closers.push(made.close);
    return made;
  };
  const port = (): number => (listening.ok ? listening.port : 0);
  const mint = (scope: string, by = keys, at = new Date()): string => {
    const order = { mesh: "demo", subject: "ann", scopes: [scope], lifetimeMs: 60_000 };
    return must(mintToken(by, order, at)).token;
  };
  const get = (path: string, token?: string, more: RequestOptions = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const trust = { ca: authority.certificate, servername: "localhost", agent: false };
      const options = { host: "127.0.0.1", port: port(), path, headers, ...trust, ...more };
      request(options, (response) => void read(response).then(resolve, reject))
        .on("error", reject)
        .end();
    });

  it("show a certificate of the mesh's authority, for every name they are reached by", async () => {
    for (const servername of ["localhost", "mesh.example.com"]) {
      expect((await get("/healthz", undefined, { servername })).status).to.equal(200);
    }
    const strange = await get("/healthz", undefined, { servername: "evil.example" }).catch(codeOf);
    expect(strange).to.equal("ERR_TLS_CERT_ALTNAME_INVALID");
    const untrusted = await get("/healthz", undefined, { ca: undefined }).catch(codeOf);
    expect(untrusted).to.match(/SELF_SIGNED|UNABLE_TO/);
  });

  it("speak no HTTP in the clear, and no TLS before 1.2", async () => {
    const inClear = new Promise((resolve) => {
      requestPlain({ host: "127.0.0.1", port: port(), path: "/healthz" }, resolve)
        .on("error", codeOf)
        .on("error", (error) => resolve(codeOf(error)))
        .end();
    });
    expect(await inClear).to.be.a("string");
    const old = {
      minVersion: "TLSv1.1",
      maxVersion: "TLSv1.1",
      ciphers: "ALL@SECLEVEL=0",
    } as const;
    expect(await get("/healthz", undefined, old).catch(codeOf)).to.be.a("string");
  });

  it("say that they live and are ready to anyone, and nothing else", async () => {
    for (const path of ["/healthz", "/readyz"]) {
      expect((await get(path)).status, path).to.equal(200);
    }
    for (const path of ["/mesh", "/nodes", "/agents", "/metrics", "/mesh/apply", "/else"]) {
      const { status, body, challenge } = await get(path);
      expect(status, path).to.equal(401);
      expect(challenge).to.equal("Bearer");
      expect(body).to.have.nested.property("error.status", "UNAUTHENTICATED");
      expect(body).to.have.nested.property("error.details[0].reason", "TOKEN_NOT_ACCEPTED");
    }
  });

  it("take a token of the mesh with the scope of operators", async () => {
    expect(await get("/mesh", mint("mesh:admin"))).to.deep.include({
      status: 200,
      body: { name: "demo" },
    });
    expect((await get("/mesh", "nonsense")).status).to.equal(401);
    const { status, body, challenge } = await get("/mesh", mint("agents:invoke"));
    expect(status).to.equal(403);
    expect(challenge).to.equal('Bearer error="insufficient_scope", scope="mesh:admin"');
    expect(body).to.have.nested.property(
      "error.message",
      "The token of ann does not have the scope mesh:admin.",
    );
  });

  it("take what a rotated key signs at once", async () => {
    const at = new Date(Date.now() + 10_000);
    const rotated = must(await rotateSigningKey(state, { now: new Date(), report }));
    const token = mint("mesh:admin", rotated, at);
    expect((await get("/mesh", token)).status).to.equal(401);
    keys = rotated;
    expect((await get("/mesh", token)).status).to.equal(200);
  });

  it("show a new certificate to new connections, and cut none", async () => {
    const own = await listenForOperators(
      (_, response) => response.end("{}"),
      everywhere,
      (await certificate()).first,
    );
    if (!own.ok) throw new Error(own.problem);
    closers.push(() => own.close());
    const stays = connect({ ...here(own.port), ca: authority.certificate });
    await new Promise((resolve) => stays.once("secureConnect", resolve));
    const before = stays.getPeerCertificate().serialNumber;
    const next = await certificate({ names: ["other.example.com"] });
    own.renew(next.first);
    const fresh = connect({ ...here(own.port), ca: authority.certificate });
    await new Promise((resolve) => fresh.once("secureConnect", resolve));
    expect(fresh.getPeerCertificate().serialNumber).not.to.equal(before);
    stays.write("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    expect(await textOf(stays)).to.include("200 OK");
    fresh.destroy();
  });

  it("are told of another certificate when it is time, without a restart", async () => {
    let moment = Date.now();
    let due = (): void => undefined;
    const clock: Clock = {
      now: () => moment,
      after: (_, act) => {
        due = act;
        return report;
      },
    };
    const told = new Promise<ShownPair>((resolve) => {
      void certificate({ clock, changed: resolve, names: ["renewed.example.com"] }).then(() => {
        moment += 25 * 86_400_000;
        due();
      });
    });
    expect((await told).certificateChain).to.include("BEGIN CERTIFICATE");
  });

  it("take no more than a mesh may be, and only JSON", async () => {
    const local = await listenForOperators(
      (await import("express")).default().use(jsonBody(), (asked, response) => {
        response.json({ by: readerOf(asked), body: asked.body });
      }),
      { host: "127.0.0.1", port: 0 },
    );
    if (!local.ok) throw new Error(local.problem);
    closers.push(() => local.close());
    const send = async (body: string, type = "application/json"): Promise<unknown> => {
      const url = `http://127.0.0.1:${local.port}/`;
      const answer = await fetch(url, { method: "POST", body, headers: { "content-type": type } });
      return [answer.status, await answer.json()];
    };
    expect(await send('{"a":1}')).to.deep.equal([200, { by: "local", body: { a: 1 } }]);
    expect(await send("{")).to.have.nested.property("[0]", 400);
    expect(await send("{}", "text/plain")).to.have.nested.property("[0]", 415);
    const large = JSON.stringify({ text: "x".repeat(17 * 1024 * 1024) });
    expect(await send(large)).to.have.nested.property("[1].error.status", "INVALID_ARGUMENT");
  });

  it("wait for nobody who sends too slowly", async () => {
    const own = await listenForOperators(
      (_, response) => response.end(),
      everywhere,
      (await certificate()).first,
      { handshake: 200, headers: 200, request: 400 },
    );
    if (!own.ok) throw new Error(own.problem);
    closers.push(() => own.close());
    const slow = connect({ ...here(own.port), ca: authority.certificate });
    slow.write("GET /healthz HTTP/1.1\r\nhost: x\r\n");
    expect(await textOf(slow)).to.include("408");
    const silent = connectPlain(own.port, "127.0.0.1");
    expect(await textOf(silent)).to.equal("");
  });
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly challenge: string | undefined;
}

function here(port: number) {
  return { host: "127.0.0.1", port, servername: "localhost" };
}

async function read(response: IncomingMessage): Promise<Answer> {
  const text = await textOf(response);
  const challenge = response.headers["www-authenticate"];
  return { status: response.statusCode ?? 0, body: JSON.parse(text), challenge };
}

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : error;
}

function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value;
}
