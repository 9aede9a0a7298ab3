import { expect } from "chai";
import { until } from "../xds/scripted-client.test.ts";
import { meshOf, Rig } from "./rig.test.ts";
import { hashOfVersion } from "./version.ts";

const first = meshOf("echo");
const second = meshOf("echo", "poet");
const bad = meshOf("echo", "bad");

describe("serving a mesh", () => {
  let rig: Rig;
  afterEach(() => rig.stop());

  it("keeps what gateways have taken, and never before they have", async () => {
    rig = await Rig.start(first);
    expect(rig.kept).to.equal(undefined);
    await rig.connect(["a"]);
    await until(() => rig.kept !== undefined);
    expect(rig.kept?.files[0]?.text).to.equal(first);
    await rig.save(second);
    expect(rig.kept?.files[0]?.text).to.equal(second);
  });

  it("refuses a save that a gateway refuses, at its line and in its words, and serves on", async () => {
    rig = await Rig.start(first);
    const [a, b] = await rig.connect(["a", "b"]);
    for (const gateway of rig.gateways) gateway.refuses = ["bad"];
    const before = rig.serving.standing().served.hash;
    const told = await rig.save(bad);
    expect(told)
      .to.contain(`${rig.file}:4:3 error SC801`)
      .and.to.contain("The gateway a refuses the cluster `bad`: no bad.")
      .and.to.contain("   4 |   bad: {}");
    const { refused, served } = rig.serving.standing();
    expect(served.hash).to.equal(before);
    expect(refused?.problems.join()).to.equal(told.replace("refused ", ""));
    expect(rig.kept?.files[0]?.text).to.equal(first);
    expect([...(a?.holds ?? [])]).to.deep.equal(["echo"]);
    expect([...(b?.holds ?? [])]).to.deep.equal(["echo"]);
    const [, entry] = await rig.audited(2);
    expect(entry).to.include({ who: "file", what: "save", before, outcome: "refused" });
    expect(await rig.save(first)).to.equal("served echo");
    expect(rig.serving.standing().refused).to.equal(undefined);
  });

  it("goes back on every gateway where a later one refuses", async () => {
    rig = await Rig.start(first);
    const [a, b] = await rig.connect(["a", "b"]);
    if (b !== undefined) b.refuses = ["bad"];
    expect(await rig.save(meshOf("bad", "poet"))).to.contain("The gateway b refuses");
    await until(() => a?.holds.has("poet") === false && a.holds.has("echo"));
    expect([...(b?.holds ?? [])]).to.deep.equal(["echo"]);
  });

  it("O7 serves the last good mesh at a start, and stages what the files say as any change", async () => {
    rig = await Rig.start(second, first);
    const { served } = rig.serving.standing();
    expect(served.restored).to.equal(true);
    expect(rig.serving.standing().staged?.phase).to.equal("waiting");
    // It is tried by the first gateway that comes.
    await rig.connect(["a"]);
    await until(() => rig.told.length > 0);
    expect(rig.told).to.deep.equal(["served echo poet"]);
    expect(rig.kept?.files[0]?.text).to.equal(second);
    const [entry] = await rig.audited(1);
    expect(entry).to.deep.include({ what: "start", before: served.hash, nodes: ["a"] });
  });

  it("O7 serves the last good mesh on where gateways refuse what a start found, and remembers it", async () => {
    rig = await Rig.start(bad, first);
    const [gateway] = await rig.connect(["a"], ["bad"]);
    await until(() => rig.told.length > 0);
    expect(rig.told.join()).to.match(/^refused .*:4:3 error SC801/);
    expect(rig.serving.served().from.files[0]?.text).to.equal(first);
    expect(rig.serving.standing()).to.have.nested.property("served.restored", true);
    expect(rig.serving.standing().refused).not.to.equal(undefined);
    expect([...(gateway?.holds ?? [])]).to.deep.equal(["echo"]);
    const refused = rig.keptRefused;
    expect(refused?.problems.join()).to.contain("SC801");
    expect(refused?.hash).to.equal(hashOfVersion(await rig.found(bad)));
    await rig.stop();

    // The next start does not ask again, and goes on saying so; a save does ask.
    rig = await Rig.start(bad, first, refused?.problems);
    await rig.connect(["a"]);
    expect(rig.told.join()).to.match(/^refused .*SC801/);
    expect(rig.serving.standing().refused).to.deep.equal({
      since: new Date(0),
      problems: refused?.problems,
    });
    expect(rig.serving.busy()).to.equal(false);
    expect(await rig.save(bad)).to.equal("served echo bad");
    expect(rig.keptRefused).to.equal(undefined);
  });

  it("gives up what a start found for what is saved before a gateway comes", async () => {
    rig = await Rig.start(bad, first);
    expect(await rig.save(first)).to.equal("served echo");
    expect(rig.serving.standing()).to.not.have.any.keys("staged", "refused");
    await rig.connect(["a"]);
    expect(rig.using).to.deep.equal(["echo"]);
  });

  it("serves on, and says so, where the very first mesh is refused", async () => {
    rig = await Rig.start(bad);
    await rig.connect(["a"], ["bad"]);
    await until(() => rig.told.length > 0);
    expect(rig.told.join()).to.match(/^doubted .*SC801/s);
    expect(rig.kept).to.equal(undefined);
    const refused = rig.keptRefused;
    await rig.stop();
    // Envoy takes unread what it has refused when it comes once more.
    rig = await Rig.start(bad, undefined, refused?.problems);
    await rig.connect(["a"]);
    expect(rig.kept).to.equal(undefined);
  });

  it("says before gateways are given a version which agents may come, and when no more", async () => {
    rig = await Rig.start(first);
    await rig.connect(["a"], ["bad"]);
    expect(rig.using).to.deep.equal(["echo"]);
    rig.serving.save(await rig.found(bad));
    expect(rig.serving.busy()).to.equal(true);
    await until(() => rig.told.length > 0);
    expect(rig.used).to.deep.include(["echo", "echo bad"]);
    expect(rig.using).to.deep.equal(["echo"]);
  });

  it("notes every change, who asked for it, and what came of it", async () => {
    rig = await Rig.start(first);
    await rig.connect(["a"]);
    const before = rig.serving.standing().served.hash;
    await rig.save(second);
    const after = rig.serving.standing().served.hash;
    const [started, saved] = await rig.audited(2);
    expect(started).to.include({ who: "file", what: "start", after: before, outcome: "taken" });
    expect(saved).to.deep.include({ who: "file", what: "save", before, after, nodes: ["a"] });
    expect(saved?.["at"]).to.match(/^\d{4}-\d\d-\d\dT/);
  });
});
