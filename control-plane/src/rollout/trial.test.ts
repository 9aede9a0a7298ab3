import { fromBinary } from "@bufbuild/protobuf";
import { RouteConfigurationSchema } from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import { expect } from "chai";
import { parseMesh } from "../config/index.ts";
import { emptyDraft } from "../config/single-files.ts";
import type { Snapshot } from "../snapshot/index.ts";
import { snapshotsOfVersions } from "./snapshot-of-version.ts";
import { trialsOf } from "./trial.ts";

const table = { type: "route", name: "edge" };

function snapshotOf(...lines: readonly string[]): Snapshot {
  const parsed = parseMesh([{ name: "mesh.yaml", text: lines.join("\n") }]);
  if (!parsed.ok) return expect.fail(JSON.stringify(parsed.diagnostics));
  const certificate = { certificateChain: "C", privateKey: "K" };
  const present = () => ({ instances: new Map(), certificate, issuerKeys: '{"keys":[]}' });
  const named = { ...emptyDraft(), pair: undefined };
  const build = snapshotsOfVersions(present, new Uint8Array());
  return build({ config: parsed.config, named: () => named });
}

const good = snapshotOf(
  "mesh: demo",
  "agents: { echo: {}, poet: {}, vip: {} }",
  "routes:",
  "  - { name: a, match: { agent: poet }, to: echo }",
  "  - { name: b, match: { agent: vip }, to: echo }",
);
const changed = snapshotOf(
  "# One line further down.",
  "mesh: demo",
  "agents: { echo: {}, poet: {}, vip: {}, new: {} }",
  "routes:",
  "  - { name: a, match: { agent: poet }, to: echo }",
  "  - { name: b, match: { agent: vip }, to: new, timeout: 7s }",
);

function hostsOf(snapshot: Snapshot) {
  const body = snapshot.route.get("edge")?.body ?? new Uint8Array();
  return fromBinary(RouteConfigurationSchema, body).virtualHosts;
}

describe("the trial of parts", () => {
  it("suspects the routes that differ from the good ones, each at its line", () => {
    const lines = trialsOf(changed, good, table).origins.map((origin) => origin?.line);
    expect(new Set(lines)).to.deep.equal(new Set([3, 6]));
    expect(trialsOf(good, good, table).origins).to.deep.equal([]);
  });

  it("suspects no part of what has none", () => {
    expect(trialsOf(changed, good, { type: "cluster", name: "new" }).origins).to.deep.equal([]);
  });

  it("leaves the good routes as they are, and puts the first suspects where no call meets them", () => {
    const trials = trialsOf(changed, good, table);
    const trial = trials.snapshot(changed, good, 2);
    const tried = hostsOf(trial).at(-1);
    expect(hostsOf(trial).slice(0, -1)).to.deep.equal(hostsOf(good));
    expect(tried?.domains).to.deep.equal(["a trial"]);
    expect(tried?.matcher).to.equal(undefined);
    const all = hostsOf(trials.snapshot(changed, good, trials.origins.length)).at(-1);
    expect(all?.routes.map(({ name }) => name)).to.include("b");
    expect(tried?.routes).to.deep.equal(all?.routes.slice(0, 2));
    expect(trial.cluster.has("new"), "what they lead to is there").to.equal(true);
    expect(trial.listener).to.equal(good.listener);
  });
});
