import { expect } from "chai";
import type { StreamEvent, XdsEvent } from "../xds/index.ts";
import { nodeRows } from "./nodes.ts";
import { noteEvent, type Status } from "./status.ts";

const edge = { id: "edge", cluster: "gateway", version: "1.40.0" };
const answer = (nonce: string) => ({ type: "cluster", nonce, version: `v-${nonce}` }) as const;
const refusing = { kind: "nacked", node: "n", ...answer("2") } as const;

type Unplaced<E> = E extends StreamEvent ? Omit<E, "at" | "stream"> : never;

function after(...events: readonly (readonly [string, number, Unplaced<StreamEvent>])[]): Status {
  let status: Status = new Map();
  for (const [stream, at, event] of events) {
    // Spreading a union loses which member it is; each member stays whole here.
    const placed: XdsEvent = Object.assign({ stream, at }, event);
    status = withEvent(status, placed);
  }
  return status;
}

const connected = [
  ["s1", 1000, { kind: "opened", variant: "delta", proof: { kind: "owner" } }],
  ["s1", 1001, { kind: "identified", node: edge }],
] as const;
const sent = (nonce: string) =>
  ({ kind: "sent", ...answer(nonce), reason: "request", resources: 1, removed: 0 }) as const;

function withEvent(status: Status, event: XdsEvent): Status {
  const next = new Map(status);
  noteEvent(next, event);
  return next;
}

describe("the status of nodes", () => {
  it("shows as synced what a node came back with", () => {
    const held = { kind: "held", type: "cluster", version: "v-1" } as const;
    const [row] = nodeRows(after(...connected, ["s1", 1002, held]), 2000);
    expect(row?.streams[0]?.types.cluster).to.deep.equal({
      state: "SYNCED",
      sentVersion: "v-1",
      ackedVersion: "v-1",
      ageMs: 998,
    });
  });

  it("shows who is connected since when, with what Envoy, and that nothing was sent", () => {
    const [row] = nodeRows(after(...connected), 2000);
    expect(row?.node).to.equal("edge");
    const [stream] = row?.streams ?? [];
    expect(stream).to.deep.include({
      stream: "s1",
      cluster: "gateway",
      envoyVersion: "1.40.0",
      variant: "delta",
      joined: { by: "mesh token" },
      connectedSince: "1970-01-01T00:00:01.000Z",
    });
    expect(stream?.types.cluster).to.deep.equal({ state: "NOT SENT" });
  });

  it("shows what is sent and not ACKed as stale, with its age, then as synced", () => {
    const stale = after(...connected, ["s1", 1100, sent("1")]);
    expect(nodeRows(stale, 1500)[0]?.streams[0]?.types.cluster).to.deep.equal({
      state: "STALE",
      sentVersion: "v-1",
      ageMs: 400,
    });
    const synced = withEvent(stale, { kind: "acked", at: 1600, stream: "s1", ...answer("1") });
    expect(nodeRows(synced, 2000)[0]?.streams[0]?.types.cluster).to.deep.equal({
      state: "SYNCED",
      sentVersion: "v-1",
      ackedVersion: "v-1",
      ageMs: 400,
    });
  });

  it("A74 keeps a refusal with text, versions, time and resources, until the node recovers", () => {
    const refusal = { code: 3, message: "no such field" };
    const origin = { file: "mesh.yaml", line: 3, column: 5 };
    const refused = after(
      ...connected,
      ["s1", 1100, sent("1")],
      ["s1", 1200, { kind: "acked", ...answer("1") }],
      ["s1", 1300, sent("2")],
      ["s1", 1400, { ...refusing, refusal, suspects: [{ name: "a", origin }] }],
    );
    expect(nodeRows(refused, 2000)[0]?.streams[0]?.types.cluster).to.deep.equal({
      state: "NACKED",
      sentVersion: "v-2",
      ackedVersion: "v-1",
      ageMs: 800,
      lastError: {
        code: 3,
        message: "no such field",
        nonce: "2",
        version: "v-2",
        at: "1970-01-01T00:00:01.400Z",
        resources: [{ name: "a", origin }],
      },
    });
    const moment = { at: 1500, stream: "s1" };
    const recovered = withEvent(refused, { kind: "recovered", type: "cluster", ...moment });
    expect(nodeRows(recovered, 2000)[0]?.streams[0]?.types.cluster.lastError).to.equal(undefined);
  });

  it("shows as synced what takes back what it refused, since nothing has to be sent for that", () => {
    const refusal = { code: 13, message: "no" };
    const back = after(
      ...connected,
      ["s1", 1100, sent("1")],
      ["s1", 1150, { kind: "acked", ...answer("1") }],
      ["s1", 1200, sent("2")],
      ["s1", 1300, { ...refusing, refusal, suspects: [] }],
      ["s1", 1400, { kind: "recovered", type: "cluster" }],
    );
    const row = nodeRows(back, 2000)[0]?.streams[0]?.types.cluster;
    expect(row).to.deep.equal({
      state: "SYNCED",
      sentVersion: "v-1",
      ackedVersion: "v-1",
      ageMs: 850,
    });
  });

  it("tells since when a version is in use, however often it was sent", () => {
    const again = after(
      ...connected,
      ["s1", 1100, sent("1")],
      ["s1", 1200, { kind: "acked", ...answer("1") }],
      ["s1", 1500, { ...sent("2"), version: "v-1" }],
      ["s1", 1600, { kind: "acked", ...answer("2"), version: "v-1" }],
    );
    expect(nodeRows(again, 2000)[0]?.streams[0]?.types.cluster.ageMs).to.equal(800);
  });

  it("A07 shows both streams of a node, and keeps one when the other ends", () => {
    const both = after(
      ...connected,
      ["s2", 1500, { kind: "opened", variant: "delta", proof: { kind: "owner" } }],
      ["s2", 1501, { kind: "identified", node: edge }],
      ["s2", 1600, sent("1")],
    );
    expect(nodeRows(both, 2000)).to.have.length(1);
    expect(nodeRows(both, 2000)[0]?.streams).to.have.length(2);
    const one = withEvent(both, { kind: "closed", reason: "gone", at: 1700, stream: "s1" });
    expect(nodeRows(one, 2000)[0]?.streams.map(({ stream }) => stream)).to.deep.equal(["s2"]);
    expect(nodeRows(one, 2000)[0]?.streams[0]?.types.cluster.state).to.equal("STALE");
  });

  it("A06 is empty once all have left, and unmoved by what is late", () => {
    const gone = after(...connected, ["s1", 1200, { kind: "closed", reason: "gone" }]);
    expect(gone.size).to.equal(0);
    expect(withEvent(gone, { at: 1300, stream: "s1", ...sent("1") }).size).to.equal(0);
  });

  it("shows a stream only once it has said who it is, sorted by node", () => {
    const status = after(
      ["s1", 1, { kind: "opened", variant: "delta", proof: { kind: "owner" } }],
      ["s2", 1, { kind: "opened", variant: "delta", proof: { kind: "owner" } }],
      ["s3", 1, { kind: "opened", variant: "delta", proof: { kind: "owner" } }],
      ["s1", 2, { kind: "identified", node: { ...edge, id: "z" } }],
      ["s2", 2, { kind: "identified", node: { ...edge, id: "a" } }],
    );
    expect(nodeRows(status, 2).map(({ node }) => node)).to.deep.equal(["a", "z"]);
  });
});
