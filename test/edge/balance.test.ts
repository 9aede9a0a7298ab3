import type { Agent, Route } from "@smartcall/control-plane/dist/model/mesh.js";
import type { HashKey } from "@smartcall/control-plane/dist/model/resilience.js";
import { expect } from "chai";
import { eventually } from "../harness/eventually.ts";
import {
  agentOf,
  instanceAt,
  routeOf,
  type ScriptedMesh,
  startScriptedMesh,
  textOf,
  times,
} from "./scripted-mesh.ts";

const servers = ["a", "b", "c", "d"];
const callers = Array.from({ length: 60 }, (_, index) => `caller-${index}`);

describe("Which instance takes a call", () => {
  let mesh: ScriptedMesh;
  const agents = (present: readonly string[]): readonly Agent[] => {
    const instances = present.map((name) => instanceAt(mesh.server(name)));
    const by = (key: HashKey) => ({ balance: { kind: "hash", by: key } as const });
    return [
      agentOf("plain", instances),
      agentOf("by-subject", instances, by({ kind: "claim", claim: "sub" })),
      agentOf("by-team", instances, by({ kind: "claim", claim: "Team" })),
      agentOf("by-conversation", instances, by({ kind: "header", header: "x-conversation" })),
      agentOf("next", [instanceAt(mesh.server("next"))]),
    ];
  };
  const routed = (next: number): readonly Route[] => [
    routeOf("moving", {
      match: { agent: "plain", headers: {}, claims: {} },
      to: [
        { agent: "next", weight: next },
        { agent: "plain", weight: 100 - next },
      ],
      sticky: "sub",
    }),
  ];
  before(async () => {
    mesh = await startScriptedMesh([...servers, "next"], () => ({ agents: [] }));
    await mesh.change({ agents: agents(servers) });
  });
  after(() => mesh.stop());
  beforeEach(() => mesh.change({ agents: agents(servers) }));

  /** Who answers each of the callers. */
  const answering = async (agent: string): Promise<readonly string[]> =>
    (await times(callers.length, (index) => ask(agent, callers[index] ?? ""))).map(textOf);
  const ask = (agent: string, caller: string) =>
    mesh.call(agent, {
      subject: caller,
      claims: { Team: caller },
      headers: { "x-conversation": caller },
    });

  it("is, if nothing else is said, one that has few to do", async () => {
    let answer = (): void => undefined;
    const until = new Promise<void>((resolve) => {
      answer = resolve;
    });
    mesh.server("a").does = { until };
    const asked = (): number => servers.reduce((sum, name) => sum + mesh.server(name).calls, 0);
    const before = asked();
    const slow = Array.from({ length: 40 }, async () => mesh.call("plain"));
    await eventually(() => expect(asked() - before).to.equal(40));
    mesh.server("a").does = {};
    const counts = await mesh.counting(() => times(120, () => mesh.call("plain")));
    answer();
    await Promise.all(slow);
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).to.equal(120);
    // Where any would do it were 30; of two it is seldom asked, as it is seldom both.
    expect(counts["a"] ?? 0).to.be.lessThan(18);
  });

  for (const agent of ["by-subject", "by-team", "by-conversation"]) {
    it(`is the same for callers who are alike: ${agent}`, async () => {
      const first = await answering(agent);
      expect(new Set(first)).to.deep.equal(new Set(servers));
      expect(await answering(agent)).to.deep.equal(first);
    });
  }

  it("stays the same for nearly all but the callers of one that leaves, and is so again when it is back", async () => {
    const first = await answering("by-subject");
    await mesh.change({ agents: agents(["a", "b", "d"]) });
    const without = await answering("by-subject");
    expect(without).to.not.include("c");
    const others = first.flatMap((name, index) => (name === "c" ? [] : [[name, without[index]]]));
    const moved = others.filter(([before, after]) => before !== after);
    expect(moved.length / others.length).to.be.lessThan(0.1);
    await mesh.change({ agents: agents(servers) });
    expect(await answering("by-subject")).to.deep.equal(first);
  });

  it("does not depend on what else the callers say", async () => {
    const [caller = ""] = callers;
    const names = await times(20, async (index) =>
      textOf(await mesh.call("by-team", { subject: `${index}`, claims: { Team: caller } })),
    );
    expect(new Set(names).size).to.equal(1);
  });

  it("is of the version that the caller met before, but for those that its weight moves", async () => {
    let before = new Set<string>();
    for (const weight of [0, 1, 30, 70, 100]) {
      await mesh.change({ agents: agents(servers), routes: routed(weight) });
      const now = await onNext();
      for (const caller of before) expect(now.has(caller), `${caller} at ${weight}`).to.equal(true);
      if (weight === 0) expect(now.size).to.equal(0);
      if (weight === 100) expect(now.size).to.equal(callers.length);
      before = now;
    }
    for (const weight of [70, 30, 0]) {
      await mesh.change({ agents: agents(servers), routes: routed(weight) });
      const now = await onNext();
      for (const caller of now) expect(before.has(caller), `${caller} at ${weight}`).to.equal(true);
      before = now;
    }
    expect(before.size).to.equal(0);
    expect(mesh.gateway.refused).to.deep.equal([]);
  });

  /** The callers who meet the next version. */
  const onNext = async (): Promise<Set<string>> => {
    const names = await answering("plain");
    return new Set(callers.filter((_, index) => names[index] === "next"));
  };
});
