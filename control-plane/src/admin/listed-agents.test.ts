import { expect } from "chai";
import { parseMesh } from "../config/parse-mesh.ts";
import { listedAgents } from "./listed-agents.ts";

describe("the agents that a mesh lists", () => {
  it("are told with where their instances are, whom they call, and whether they are hidden", () => {
    const text = [
      "mesh: demo",
      "agents:",
      "  writer: { calls: [far, echo], instances: { static: [127.0.0.1:50051], dns: localhost:1 } }",
      "  echo: { expose: false }",
      "  far: { instances: { dns: localhost:50051 } }",
    ].join("\n");
    const parsed = parseMesh([{ name: "mesh.yaml", text }]);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
    expect(listedAgents(parsed.config)).to.deep.equal([
      { agent: "echo", addresses: [], calls: [], hidden: true },
      {
        agent: "far",
        addresses: [{ from: "dns", address: "localhost:50051" }],
        calls: [],
        hidden: false,
      },
      {
        agent: "writer",
        addresses: [
          { from: "static", address: "127.0.0.1:50051" },
          { from: "dns", address: "localhost:1" },
        ],
        calls: ["echo", "far"],
        hidden: false,
      },
    ]);
  });
});
