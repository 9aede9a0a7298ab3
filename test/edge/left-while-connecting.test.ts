// A call is charged nothing that ended before a connection to its agent was made.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
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
import { makeIdentity } from "../harness/certificates.ts";
import { eventually } from "../harness/eventually.ts";
import { portOf } from "../harness/ports.ts";
import { asking, callRest } from "../harness/rest.ts";
import { accountOf } from "./account-of.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { type SpendingAgent, startSpendingAgent } from "./spending-agent.ts";
import { writtenMesh } from "./written-mesh.ts";

const reserve = 100;

/** `deaf` takes connections and never says a word of TLS on them. */
const meshOf = (deaf: number, socket: string) => `
mesh: edge-test
agents:
  deaf: { instances: { static: ["127.0.0.1:${deaf}"], tls: { ca: { file: ca.pem } } } }
  near: { instances: { static: ["unix:${socket}"] } }
budgets: { team: { by: "claim:team", tokens: 1000, per: month } }
routes:
  - { name: deaf, match: { agent: deaf }, budget: { of: team, reserve: ${reserve} } }
  - { name: near, match: { agent: near }, budget: { of: team, reserve: ${reserve} } }
`;

describe("a call that ends while the connection to its agent is made", () => {
  let folder: string;
  let quota: QuotaProcess;
  let operator: QuotaServiceClient;
  let gateway: TestGateway;
  let agent: SpendingAgent;
  let deaf: Listening;
  let near: Listening;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "connecting-"));
    deaf = await listening(() => undefined);
    agent = await startSpendingAgent();
    const socket = join(folder, "near.sock");
    near = await listening((client) => {
      client.pipe(connect(agent.port, "127.0.0.1")).pipe(client);
    }, socket);
    const mesh = meshOf(portOf(deaf.server), socket);
    writeFileSync(join(folder, "ca.pem"), (await makeIdentity("authority", [])).cert);
    const parsed = parseMesh([{ name: "mesh.yaml", text: mesh }]);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
    writePolicies(join(folder, "quota", "policies"), policiesOf([parsed.config]));
    quota = await startQuotaProcess(folder);
    const path = join(folder, "quota.sock");
    operator = new QuotaServiceClient(`unix:${path}`, credentials.createInsecure());
    const written = await writtenMesh(mesh, {}, { path: join(folder, "mesh.yaml") });
    gateway = await startGateway((parts) => ({
      ...written(parts),
      quota: [{ kind: "unix", path }],
    }));
  });
  after(async () => {
    await gateway?.stop();
    deaf?.stop();
    near?.stop();
    agent?.stop();
    operator?.close();
    await quota?.end("SIGKILL");
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  const call = (to: string, who: string, signal?: AbortSignal, timeoutMs = 60_000) =>
    callRest(gateway, {
      path: `/v1/agents/${to}:invoke`,
      token: gateway.token({ subject: who, claims: { team: who } }),
      body: asking("hang"),
      headers: { "x-request-timeout-ms": `${timeoutMs}` },
      ...(signal && { signal }),
    }).then(
      ({ status }) => `${status}`,
      () => "left",
    );

  const account = (who: string) => accountOf(operator, "team", who);
  const comesTo = (who: string, expected: { used: number; reserved: number }): Promise<void> =>
    eventually(async () => {
      expect(await account(who)).to.deep.equal(expected);
    });

  it("is charged nothing where its caller leaves", async () => {
    const left = new AbortController();
    const ended = call("deaf", "leaver", left.signal);
    await eventually(() => expect(deaf.taken()).to.be.greaterThan(0));
    await comesTo("leaver", { used: 0, reserved: reserve });
    left.abort();
    expect(await ended).to.equal("left");
    await comesTo("leaver", { used: 0, reserved: 0 });
  });

  it("is charged nothing where its time is over", async () => {
    expect(await call("deaf", "late", undefined, 300)).to.equal("504");
    await comesTo("late", { used: 0, reserved: 0 });
  });

  it("is charged what was reserved where the agent was told, by whatever connection", async () => {
    const left = new AbortController();
    const ended = call("near", "told", left.signal);
    await eventually(() => expect(agent.seen.length).to.equal(1));
    left.abort();
    expect(await ended).to.equal("left");
    await comesTo("told", { used: reserve, reserved: 0 });
  });
});

interface Listening {
  readonly server: Server;
  /** How many connections it took. */
  taken(): number;
  stop(): void;
}

async function listening(take: (client: Socket) => void, path?: string): Promise<Listening> {
  const sockets: Socket[] = [];
  const server = createServer((client) => {
    sockets.push(client);
    client.on("error", () => undefined);
    take(client);
  });
  await new Promise<void>((resolve) => {
    if (path === undefined) server.listen(0, "127.0.0.1", resolve);
    else server.listen(path, resolve);
  });
  return {
    server,
    taken: () => sockets.length,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
