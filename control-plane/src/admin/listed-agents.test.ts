import { expect } from "chai";
import { parseMesh } from "../config/parse-mesh.ts";
import { listedAgents } from "./listed-agents.ts";

describe("the agents that a mesh lists", () => {
  it("are told with where their instances are", () => {
    const text = [
      "mesh: demo",
      "agents:",
      "  writer: { instances: { static: [127.0.0.1:50051] } }",
      "  echo: {}",
      "  far: { instances: { dns: localhost:50051 } }",
    ].join("\n");
    const parsed = parseMesh([{ name: "mesh.yaml", text }]);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
    expect(listedAgents(parsed.config)).to.deep.equal([
      { agent: "echo", instances: "lease", addresses: [] },
      { agent: "far", instances: "dns", addresses: ["localhost:50051"] },
      { agent: "writer", instances: "static", addresses: ["127.0.0.1:50051"] },
    ]);
  });
});
