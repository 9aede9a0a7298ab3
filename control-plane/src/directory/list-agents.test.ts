import { expect } from "chai";
import type { KnownAgent } from "./known-agents.ts";
import { listAgents } from "./list-agents.ts";

describe("the list of agents", () => {
  const many = Array.from({ length: 250 }, (_, index) => agentOf(`agent-${1000 + index}`));

  it("comes in pages, each agent once, and says where it ends", () => {
    expect(sizesOf(many, 0)).to.deep.equal([100, 100, 50]);
    expect(sizesOf(many, 250)).to.deep.equal([250]);
    expect(sizesOf([], 0)).to.deep.equal([0]);
  });

  it("has shorter pages where agents say much, and always one agent at least", () => {
    const wordy = many.slice(0, 4).map((each) => ({ ...each, description: "x".repeat(100_000) }));
    expect(sizesOf(wordy, 0)).to.deep.equal([2, 2]);
    const more = wordy.map((each) => ({ ...each, description: "x".repeat(300_000) }));
    expect(sizesOf(more, 0)).to.deep.equal([1, 1, 1, 1]);
  });

  it("tells of an agent's instances, not of where they are", () => {
    const [described] = listAgents(many.slice(0, 1), {
      pageSize: 1,
      pageToken: "",
    }).getAgentsList();
    expect(described?.toObject()).to.include({ name: "agent-1000", health: "degraded" });
    expect(described?.getVersionsList()).to.deep.equal(["1", "2"]);
    expect(JSON.stringify(described?.toObject())).to.not.contain("127.0.0.1");
  });
});

/** How many agents each page has, from the first to the last. */
function sizesOf(agents: readonly KnownAgent[], pageSize: number): readonly number[] {
  const sizes: number[] = [];
  const names = new Set<string>();
  let pageToken = "";
  do {
    const page = listAgents(agents, { pageSize, pageToken });
    for (const each of page.getAgentsList()) names.add(each.getName());
    sizes.push(page.getAgentsList().length);
    pageToken = page.getNextPageToken();
  } while (pageToken !== "");
  expect(names.size).to.equal(agents.length);
  return sizes;
}

function agentOf(name: string): KnownAgent {
  const instance = (id: string, healthy: boolean) => ({
    id,
    healthy,
    zone: "here",
    version: id,
    address: { kind: "ip" as const, host: "127.0.0.1", port: 1 },
  });
  const instances = [instance("1", true), instance("2", false)];
  const origin = { file: "mesh.yaml", line: 1, column: 1 };
  return { agent: { name, instances, origin }, routes: [], instances, description: "" };
}
