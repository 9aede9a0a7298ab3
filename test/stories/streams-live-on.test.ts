// What changes in a mesh cuts no stream that runs.
import { openDirectoryState, rotateSigningKey } from "@smartcall/control-plane/dist/state/index.js";
import { publishingMs } from "@smartcall/control-plane/dist/state/signing-keys.js";
import { expect } from "chai";
import { attachAgent, callable } from "../harness/attach-agent.ts";
import { type Child, endGroup } from "../harness/child.ts";
import { envoyStat } from "../harness/envoy-stats.ts";
import { openEvents } from "../harness/events.ts";
import { eventually, pause } from "../harness/eventually.ts";
import { numberAt, textAt, valueAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";
import { asking, callRest } from "../harness/rest.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";

/** How far the stream counts, ten numbers a second: longer than all that happens meanwhile. */
const count = 90;

describe("a stream that runs", function () {
  this.timeout(90_000);
  let mesh: Mesh;
  const agents: Child[] = [];
  before(async () => {
    mesh = await sharedMesh();
    agents.push(attachAgent(mesh, "ticker"));
    await callable(mesh, "ticker", "1 every 0");
  });
  after(async () => {
    await Promise.all(agents.map((agent) => endGroup(agent)));
    mesh.save([]);
  });

  it("ends whole while an agent attaches, routes and limits change, and the signing key is rotated", async () => {
    const token = await mesh.token();
    const path = "/v1/agents/ticker:stream";
    const stream = await openEvents(mesh, { path, token, body: asking(`${count} every 100`) });
    const read = readAll(stream.events);

    const kid = headerOf(token);
    await rotate(mesh);
    const rotatedAt = performance.now();

    agents.push(attachAgent(mesh, "late"));
    await callable(mesh, "late", "Hello");

    mesh.save(["{ name: closed, match: { agent: ticker, claims: { plan: [gold] } } }"]);
    await eventually(async () => expect(await tickerStatus(mesh, token)).to.equal(403));

    const limit = (requests: number): string =>
      `{ name: limited, match: { agent: late }, limits: [{ requests: ${requests}, per: minute, by: subject }] }`;
    for (const requests of [100, 200]) {
      mesh.save([limit(requests)]);
      await eventually(async () => expect(await limitOf(mesh, token)).to.equal(`${requests}`));
    }

    // A new key signs once every gateway has had time to learn it.
    await pause(rotatedAt + publishingMs + 100 - performance.now());
    const fresh = await mesh.token({ subject: "after-the-rotation" });
    expect(headerOf(fresh)).to.not.equal(kid);
    const call = { path: "/v1/agents/echo:invoke", token: fresh, body: asking("Hello") };
    expect((await callRest(mesh, call)).status).to.equal(200);
    expect((await callRest(mesh, { ...call, token })).status).to.equal(200);

    const { numbers, last } = await read;
    expect(numbers).to.deep.equal(Array.from({ length: count }, (_, index) => index + 1));
    expect(textAt(last, "done", "finishReason")).to.equal("stop");
    expect(numberAt(last, "sequence")).to.equal(count + 1);
    expect(await envoyStat(mesh, "listener_manager.listener_modified")).to.equal(0);
  });
});

async function readAll(
  events: AsyncIterable<{ readonly event: unknown }>,
): Promise<{ readonly numbers: readonly number[]; readonly last: unknown }> {
  const numbers: number[] = [];
  let last: unknown;
  for await (const { event } of events) {
    if (valueAt(event, "delta") !== undefined)
      numbers.push(Number(textAt(event, "delta", "content")));
    last = event;
  }
  return { numbers, last };
}

async function tickerStatus(mesh: Mesh, token: string): Promise<number> {
  const call = { path: "/v1/agents/ticker:invoke", token, body: asking("1 every 0") };
  return (await callRest(mesh, call)).status;
}

async function limitOf(mesh: Mesh, token: string): Promise<unknown> {
  const call = { path: "/v1/agents/late:invoke", token, body: asking("Hello") };
  return (await callRest(mesh, call)).headers["x-ratelimit-limit"];
}

async function rotate(mesh: Mesh): Promise<void> {
  const state = await openDirectoryState(mesh.stateFolder);
  if (!state.ok) throw new Error(state.problem.message);
  const report = ({ message }: { readonly message: string }): void => {
    throw new Error(message);
  };
  const keys = await rotateSigningKey(state.value, { now: new Date(), report });
  if (!keys.ok) throw new Error(keys.problem.message);
}

/** The id of the key that signed a token. */
function headerOf(token: string): string {
  const [header = ""] = token.split(".");
  return textAt(JSON.parse(Buffer.from(header, "base64url").toString("utf8")), "kid");
}
