import { Metadata } from "@grpc/grpc-js";
import { expect } from "chai";
import { eventually } from "../harness/eventually.ts";
import { freePorts } from "../harness/ports.ts";
import type { Script } from "./scripted-agent.ts";
import {
  agentOf,
  instanceAt,
  routeOf,
  type ScriptedMesh,
  startScriptedMesh,
  times,
} from "./scripted-mesh.ts";

/** What an instance does that cannot answer. */
const ill: Readonly<Record<string, Script>> = {
  unavailable: { fail: 14 },
  "too-slow": { afterMs: 1_000 },
};

/** What an instance may well do, or say of a call. */
const well: Readonly<Record<string, Script>> = {
  "invalid-argument": { fail: 3 },
  "resource-exhausted": { fail: 8 },
  internal: { fail: 13 },
  unknown: { fail: 2 },
  full: { fail: 8, metadata: marked(14) },
  "given-too-little-time": { fail: 8, metadata: marked(4) },
};

const five = ["a", "b", "c", "d", "e"];
const quick = { failures: 2, forMs: 20_000, mostPercent: 60 };

describe("An instance that fails five times, one after the other,", () => {
  let mesh: ScriptedMesh;
  before(async () => {
    const [nobody = 0] = await freePorts(1);
    mesh = await startScriptedMesh([...five, "flaky"], (server) => {
      const at = (...names: string[]) => names.map((name) => instanceAt(server(name)));
      const pair = at("a", "flaky");
      const perTry = { attempts: 1, on: ["slow"], perTryMs: 100 } as const;
      return {
        agents: [
          ...[...Object.keys(ill), ...Object.keys(well)].map((name) => agentOf(name, pair)),
          agentOf("refusing", [instanceAt({ port: nobody, name: "nobody" }), ...at("a")]),
          agentOf("never", pair, { ejection: "never" }),
          agentOf("alone", at("flaky")),
          agentOf("with-dead", [
            instanceAt({ port: nobody, name: "nobody" }, { healthy: false }),
            ...at("flaky"),
          ]),
          agentOf("five", at(...five)),
          agentOf("hasty", at("a", "b", "c", "d"), { ejection: quick }),
          agentOf("soon", pair, { ejection: { ...quick, forMs: 1_000 } }),
        ],
        routes: [routeOf("too-slow", { retry: perTry })],
      };
    });
  });
  after(() => mesh.stop());
  afterEach(() => {
    for (const name of [...five, "flaky"]) mesh.server(name).does = {};
  });
  const ejected = (agent: string) =>
    mesh.gateway.stat(`cluster.${agent}.outlier_detection.ejections_active`);
  const asked = async (agent: string, calls: number) =>
    (await mesh.counting(() => times(calls, () => mesh.call(agent))))["flaky"] ?? 0;

  for (const [name, does] of Object.entries(ill)) {
    it(`is left alone: ${name}`, async () => {
      mesh.server("flaky").does = does;
      expect(await asked(name, 40)).to.equal(5);
      expect(await ejected(name)).to.equal(1);
    });
  }

  it("is left alone: nobody listens", async () => {
    const replies = await times(40, () => mesh.call("refusing"));
    expect(new Set(replies.map(({ status }) => status))).to.deep.equal(new Set([200]));
    expect(await ejected("refusing")).to.equal(1);
  });

  for (const [name, does] of Object.entries(well)) {
    it(`is asked as before where it says so of the call: ${name}`, async () => {
      mesh.server("flaky").does = does;
      expect(await asked(name, 40)).to.be.greaterThan(8);
      expect(await ejected(name)).to.equal(0);
    });
  }

  it("is asked as before where its agent says `ejection: never`", async () => {
    mesh.server("flaky").does = { fail: 14 };
    expect(await asked("never", 40)).to.be.greaterThan(8);
    // Envoy watches it for no failure at all.
    expect(await ejected("never").catch(String)).to.include("Envoy has no cluster.never.outlier_");
  });

  it("is asked as before where it is the only one that is left", async () => {
    mesh.server("flaky").does = { fail: 14 };
    expect(await asked("with-dead", 20)).to.equal(20);
    mesh.server("flaky").does = {};
    expect((await mesh.call("with-dead")).status).to.equal(200);
  });

  it("is asked as before where it is the only one", async () => {
    mesh.server("flaky").does = { fail: 14 };
    expect(await asked("alone", 20)).to.equal(20);
    mesh.server("flaky").does = {};
    expect((await mesh.call("alone")).status).to.equal(200);
  });

  it("is asked as before where three of five are left alone already", async () => {
    for (const name of five) mesh.server(name).does = { fail: 14 };
    await times(60, () => mesh.call("five"));
    expect(await ejected("five")).to.equal(3);
    for (const name of five) mesh.server(name).does = {};
    expect((await mesh.call("five")).status).to.equal(200);
  });

  it("is left alone at once where another has just been", async () => {
    for (const name of ["b", "c"]) mesh.server(name).does = { fail: 14 };
    await eventually(async () => {
      await mesh.call("hasty");
      expect(await ejected("hasty")).to.equal(2);
    });
    const asked = await mesh.counting(() => times(40, () => mesh.call("hasty")));
    expect(Object.keys(asked).sort()).to.deep.equal(["a", "d"]);
  });

  it("is asked again after a while, which is longer each time", async () => {
    const leftAlone = async (): Promise<number> => {
      mesh.server("flaky").does = { fail: 14 };
      await eventually(async () => {
        await mesh.call("soon");
        expect(await ejected("soon")).to.equal(1);
      });
      mesh.server("flaky").does = {};
      const since = performance.now();
      await eventually(async () => expect(await ejected("soon")).to.equal(0));
      return performance.now() - since;
    };
    const first = await leftAlone();
    expect(first).to.be.greaterThan(900);
    expect(await asked("soon", 20)).to.be.greaterThan(4);
    // Another second, as those who fail again are asked less often.
    expect(await leftAlone()).to.be.greaterThan(1_900);
    expect(mesh.gateway.refused).to.deep.equal([]);
  });
});

function marked(code: number): Metadata {
  const metadata = new Metadata();
  metadata.set("smartcall-status", `${code}`);
  return metadata;
}
