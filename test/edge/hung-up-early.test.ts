// A caller who hangs up at once keeps nothing: no place, and nothing of a budget.
import { setMaxListeners } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { parseMesh } from "@smartcall/control-plane/dist/config/index.js";
import { policiesOf } from "@smartcall/control-plane/dist/quota/index.js";
import { QuotaServiceClient } from "@smartcall/protos";
import { writePolicies } from "@smartcall/quota/dist/policy/policy-file.js";
import {
  type QuotaProcess,
  startQuotaProcess,
} from "@smartcall/quota/dist/testing/quota-process.js";
import { expect } from "chai";
import { eventually } from "../harness/eventually.ts";
import { openHttp2 } from "../harness/http2.ts";
import { asking, callRest } from "../harness/rest.ts";
import { accountOf } from "./account-of.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { type SpendingAgent, startSpendingAgent } from "./spending-agent.ts";
import { writtenMesh } from "./written-mesh.ts";

/** More than the calls that hang up, so that every place can be seen to be free. */
const places = 60;
const reserve = 100;

const mesh = `
mesh: edge-test
agents: { writer: {} }
budgets: { team: { by: "claim:team", tokens: 1000000, per: month } }
routes:
  - name: writing
    match: { agent: writer }
    limits: [{ concurrent: ${places}, by: subject }]
    budget: { of: team, reserve: ${reserve} }
`;

describe("a caller who hangs up early", () => {
  describe("with one quota service", () => keepsNothing(["one"], 3_000));
  // The end may be told to another service than the beginning, which tries it once more.
  describe("with two that count together", () => keepsNothing(["one", "two"], 8_000));
});

function keepsNothing(services: readonly string[], withinMs: number): void {
  let folder: string;
  const quotas: QuotaProcess[] = [];
  let operator: QuotaServiceClient;
  let agent: SpendingAgent;
  let gateway: TestGateway;
  before(async () => {
    const parsed = parseMesh([{ name: "mesh.yaml", text: mesh }]);
    if (!parsed.ok) throw new Error("the mesh has a mistake");
    folder = mkdtempSync(join(tmpdir(), "hung-up-"));
    writePolicies(join(folder, "quota", "policies"), policiesOf([parsed.config]));
    for (const name of services) quotas.push(await startQuotaProcess(folder, { name }));
    const sockets = services.map((name) => join(folder, `${name}.sock`));
    operator = new QuotaServiceClient(`unix:${sockets[0]}`, credentials.createInsecure());
    agent = await startSpendingAgent();
    const address = { kind: "ip", host: "127.0.0.1", port: agent.port } as const;
    const instance = { id: "one", healthy: true, zone: "here", version: "1", address };
    const written = await writtenMesh(
      mesh,
      {},
      { instances: () => new Map([["writer", [instance]]]) },
    );
    gateway = await startGateway((parts) => ({
      ...written(parts),
      quota: sockets.map((path) => ({ kind: "unix", path })),
    }));
  });
  after(async () => {
    await gateway?.stop();
    agent?.stop();
    operator?.close();
    for (const quota of quotas) await quota.end("SIGKILL");
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  const path = "/v1/agents/writer:invoke";
  const body = JSON.stringify(asking("used input=30;output=40"));
  const headersOf = (who: string) => ({
    authorization: `Bearer ${gateway.token({ subject: who, claims: { team: who } })}`,
    "content-type": "application/json",
  });

  type Abort = (who: string, sent: string, whole: boolean, afterMs: number) => Promise<void>;

  const overHttp1: Abort = (who, sent, whole, afterMs) =>
    new Promise((resolve) => {
      const call = request(`${gateway.url}${path}`, {
        method: "POST",
        ca: gateway.ca,
        agent: false,
        headers: { ...headersOf(who), "content-length": Buffer.byteLength(body) },
      });
      call.on("response", (response) => response.resume());
      call.on("error", () => undefined);
      call.once("close", resolve);
      call.once("socket", (socket) => {
        // What counts is the time since it was sent, not since the handshake began.
        socket.once("secureConnect", () => setTimeout(() => call.destroy(), afterMs));
      });
      if (whole) call.end(sent);
      else call.write(sent);
    });

  const overHttp2 = (): { readonly abort: Abort; end(): void } => {
    const session = openHttp2(gateway);
    return {
      end: () => session.destroy(),
      abort: (who, sent, whole, afterMs) =>
        new Promise((resolve) => {
          const head = { ":method": "POST", ":path": path, ...headersOf(who) };
          const stream = session.request(head);
          stream.on("error", () => undefined);
          stream.once("close", resolve);
          stream.resume();
          if (whole) stream.end(sent);
          else stream.write(sent);
          setTimeout(() => stream.close(8), afterMs);
        }),
    };
  };

  const account = async (who: string) =>
    (await accountOf(operator, "team", who)) ?? { used: 0, reserved: 0 };

  /** Calls `places` times, some at once, some one by one. */
  const hangUp = async (who: string, abort: Abort, whole: boolean) => {
    const [heard, begun] = [agent.seen.length, agent.begun()];
    const sent = whole ? body : body.slice(0, 20);
    for (let call = 0; call < places; ) {
      const together = call % 3 === 0 ? 5 : 1;
      await Promise.all(
        Array.from({ length: together }, (_, at) => abort(who, sent, whole, (call + at * 3) % 16)),
      );
      call += together;
    }
    await eventually(
      async () => {
        const { used, reserved } = await account(who);
        const most = reserve * (agent.begun() - begun);
        expect(reserved, "reserved").to.equal(0);
        expect(used, "charged").to.be.at.most(most);
      },
      { withinMs },
    );
    return agent.seen.length - heard;
  };

  /** All places at once. */
  const everyPlace = async (who: string) => {
    const left = new AbortController();
    setMaxListeners(places, left.signal);
    const { authorization } = headersOf(who);
    const before = agent.seen.length;
    const calls = Array.from({ length: places }, () =>
      callRest(gateway, {
        path,
        token: authorization.slice("Bearer ".length),
        body: asking("hang"),
        signal: left.signal,
      }).then(
        ({ status }) => `${status}`,
        () => "left",
      ),
    );
    const ended = Promise.race(calls.map((call) => call.then((word) => word)));
    const all = eventually(
      async () => {
        expect(agent.seen.length - before).to.equal(places);
        return "all run";
      },
      { withinMs: 15_000 },
    );
    const first = await Promise.race([ended, all]);
    left.abort();
    await Promise.all(calls);
    expect(first).to.equal("all run");
  };

  for (const whole of [true, false]) {
    const when = whole ? "after the whole request" : "in the middle of it";
    it(`keeps nothing over HTTP/2, ${when}`, async () => {
      const { abort, end } = overHttp2();
      const who = `two-${whole}`;
      const heard = await hangUp(who, abort, whole);
      end();
      if (!whole) expect(heard).to.equal(0);
      await everyPlace(who);
    });

    it(`keeps nothing over HTTP/1.1, ${when}`, async () => {
      const who = `one-${whole}`;
      const heard = await hangUp(who, overHttp1, whole);
      if (!whole) expect(heard).to.equal(0);
      await everyPlace(who);
    });
  }

  it("is still charged for what an agent was told", async () => {
    const { abort, end } = overHttp2();
    const heard = agent.seen.length;
    for (let call = 0; call < 3; call += 1) await abort("later", body, true, 1_000);
    end();
    expect(agent.seen.length - heard).to.equal(3);
    await eventually(async () => {
      expect(await account("later")).to.deep.equal({ used: 210, reserved: 0 });
    });
  });
}
