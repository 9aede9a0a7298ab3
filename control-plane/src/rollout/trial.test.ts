import { fromBinary } from "@bufbuild/protobuf";
import { RouteConfigurationSchema } from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import { expect } from "chai";
import { parseMesh } from "../config/index.ts";
import { emptyDraft } from "../config/single-files.ts";
import type { Snapshot } from "../snapshot/index.ts";
import { snapshotsOfVersions } from "./snapshot-of-version.ts";
import { suspectsIn, trialSnapshot } from "./trial.ts";

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
    const lines = suspectsIn(changed, good, table).map(({ origin }) => origin?.line);
    expect(new Set(lines)).to.deep.equal(new Set([3, 6]));
    expect(suspectsIn(good, good, table)).to.deep.equal([]);
  });

  it("suspects no part of what has none", () => {
    expect(suspectsIn(changed, good, { type: "cluster", name: "new" })).to.deep.equal([]);
  });

  it("leaves the good routes as they are, and puts the first suspects where no call meets them", () => {
    const suspects = suspectsIn(changed, good, table);
    const trial = trialSnapshot(changed, good, table, 2);
    const [before] = hostsOf(good);
    const [same, tried, ...others] = hostsOf(trial);
    expect(same).to.deep.equal(before);
    expect(others).to.deep.equal([]);
    expect(tried?.domains).to.deep.equal(["a trial"]);
    expect(tried?.matcher).to.equal(undefined);
    expect(tried?.routes).to.deep.equal(suspects.slice(0, 2).map(({ route }) => route));
    expect(trial.cluster.has("new"), "what they lead to is there").to.equal(true);
    expect(trial.listener).to.equal(good.listener);
  });
});
