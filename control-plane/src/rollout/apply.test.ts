import { readdirSync, rmSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { until } from "../xds/scripted-client.test.ts";
import type { ApplyStep } from "./apply.ts";
import { meshOf, Rig, steps } from "./rig.test.ts";

const first = meshOf("echo");
const second = meshOf("echo", "poet");

describe("applying", () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await Rig.start(first);
    await rig.connect(["a", "b"]);
  });
  afterEach(() => rig.stop());

  const sent = (text: string) => [{ name: "mine.yaml", text }];

  it("checks, stages, waits for every gateway, and then replaces the file", async () => {
    const told = await steps(rig.apply(), sent(second), { who: "alice" });
    const { hash } = rig.serving.standing().served;
    expect(told).to.deep.equal([
      { step: "checked", hash, warnings: [] },
      { step: "staged", node: "a" },
      { step: "acked", nodes: ["a", "b"] },
      { step: "saved", hash },
    ]);
    expect(await readFile(rig.file, "utf8")).to.equal(second);
    expect(rig.serving.served().from.files).to.deep.equal([{ name: rig.file, text: second }]);
    const [, entry] = await rig.audited(2);
    expect(entry).to.deep.include({ who: "alice", what: "apply", after: hash, nodes: ["a", "b"] });
    // The file that was replaced comes back as a save of the same.
    rig.serving.save(await rig.found(second));
    expect(rig.serving.busy()).to.equal(false);
    expect(await steps(rig.apply(), sent(second))).to.deep.equal([
      { step: "checked", hash, warnings: [] },
      { step: "unchanged" },
    ]);
  });

  it("refuses what does not pass the checks, by the name that was sent", async () => {
    const [only, ...more] = await steps(rig.apply(), sent("mesh: demo\nagents: 7\n"));
    expect(more).to.deep.equal([]);
    expect(only).to.include({ step: "refused", by: "check" });
    expect(only?.step === "refused" ? only.problems.join() : "").to.match(/^mine\.yaml:2:9 error/);
    expect(await readFile(rig.file, "utf8")).to.equal(first);
  });

  it("leaves the file as it was where a gateway refuses, and says which, why and where", async () => {
    for (const gateway of rig.gateways) gateway.refuses = ["bad"];
    const told = await steps(rig.apply(), sent(meshOf("bad", "echo")));
    expect(told.map(({ step }) => step)).to.deep.equal(["checked", "staged", "refused"]);
    const end = told.at(-1);
    expect(end).to.deep.include({
      step: "refused",
      by: "gateway",
      node: "a",
      envoy: "no bad",
      at: { file: "mine.yaml", line: 3, column: 3 },
    });
    expect(end?.step === "refused" ? end.problems.join() : "").to.match(/^mine\.yaml:3:3 .*SC801/);
    expect(await readFile(rig.file, "utf8")).to.equal(first);
    expect(await readdir(rig.folder)).to.deep.equal(["mesh.yaml"]);
    expect(rig.serving.standing().refused, "the file itself is good").to.equal(undefined);
  });

  it("does not say that a gateway took it which refuses a part of it as before, and asks it again", async () => {
    await rig.stop();
    rig = await Rig.start(meshOf("bad", "echo"));
    await rig.connect(["a"], ["bad"]);
    await rig.connect(["b"]);
    const told = await steps(rig.apply(), sent(meshOf("bad", "echo", "poet")));
    const acked = told.find(({ step }) => step === "acked");
    expect(acked).to.deep.equal({ step: "acked", nodes: ["b"], refusing: ["a"] });
    const saved = told.at(-1);
    expect(saved).to.deep.include({ step: "saved", refusing: ["a"] });
    expect(saved?.step === "saved" ? saved.problems?.join() : "").to.match(
      /^mine\.yaml warning SC807 The gateway a refuses the cluster `bad`, as it did before .*: no bad\./,
    );
    const again = await steps(rig.apply(), sent(meshOf("bad", "echo", "poet")));
    expect(again.map(({ step }) => step)).to.deep.equal(["checked", "staged", "acked", "saved"]);
    for (const gateway of rig.gateways) gateway.refuses = [];
    const better = await steps(rig.apply(), sent(meshOf("bad", "echo", "poet")));
    expect(better.at(-2)).to.deep.equal({ step: "acked", nodes: ["a", "b"] });
    const none = await steps(rig.apply(), sent(meshOf("bad", "echo", "poet")));
    expect(none.at(-1)).to.deep.equal({ step: "unchanged" });
  });

  it("refuses a second change while one is on its way", async () => {
    const apply = rig.apply();
    const [one, other] = await Promise.all([
      steps(apply, sent(second), { who: "alice" }),
      steps(apply, sent(meshOf("echo", "ant")), { who: "bob" }),
    ]);
    expect(one.at(-1)?.step).to.equal("saved");
    expect(other).to.deep.equal([
      {
        step: "refused",
        by: "server",
        problems: ["alice is applying another change: try again when it is done."],
      },
    ]);
  });

  it("gives way to a save that comes meanwhile", async () => {
    const by = await rig.found(meshOf("echo", "ant"));
    const told: string[] = [];
    await rig.apply()({ files: sent(second), folder: false }, "alice", (step) => {
      told.push(step.step);
      if (step.step === "staged") rig.serving.save(by);
    });
    expect(told).to.deep.equal(["checked", "staged", "refused"]);
    expect(await readFile(rig.file, "utf8")).to.equal(meshOf("echo", "ant"));
  });

  it("goes back on every gateway where the file cannot be replaced in the end", async () => {
    const before = rig.serving.standing().served.hash;
    const told: ApplyStep[] = [];
    await rig.apply()({ files: sent(second), folder: false }, "alice", (step) => {
      told.push(step);
      // Somebody tidies up at the wrong moment.
      const rests = readdirSync(rig.folder).filter((name) => name.startsWith("."));
      if (step.step === "acked") for (const name of rests) rmSync(join(rig.folder, name));
    });
    expect(told.at(-1)).to.include({ step: "refused", by: "server" });
    await until(() => rig.serving.standing().served.hash === before);
    await until(() => rig.gateways.every(({ holds }) => !holds.has("poet")));
    expect(await readFile(rig.file, "utf8")).to.equal(first);
  });

  it("takes one file for one file, and for a folder the names of its files", async () => {
    const two = [...sent(first), { name: "other.yaml", text: "" }];
    expect((await steps(rig.apply(), two)).at(-1)).to.deep.include({ by: "check" });
    const folder = join(rig.folder, "meshes");
    await mkdir(folder);
    await writeFile(join(folder, "old.yaml"), first);
    for (const name of ["../mesh.yaml", "a/b.yaml", ".hidden.yaml", "notes.txt"]) {
      const [refusal] = await steps(rig.apply(folder), [{ name, text: second }], { folder: true });
      expect(refusal, name).to.deep.include({ step: "refused", by: "check" });
    }
    const parts = [
      { name: "mesh.yaml", text: "mesh: demo\n" },
      { name: "agents.yaml", text: "agents:\n  echo: {}\n  poet: {}\n" },
    ];
    const [refusal] = await steps(rig.apply(folder), [{ name: "old.yaml", text: second }]);
    expect(refusal).to.deep.include({ step: "refused", by: "check" });
    expect((await steps(rig.apply(folder), parts, { folder: true })).at(-1)?.step).to.equal(
      "saved",
    );
    expect((await readdir(folder)).sort()).to.deep.equal(["agents.yaml", "mesh.yaml"]);
  });
});
