import { expect } from "chai";
import { parseMesh } from "../parse-mesh.ts";

describe("the weights of a route", () => {
  const found = (count: number, weight: number): readonly string[] => {
    const agents = Array.from({ length: count }, (_, index) => `a${index}`);
    const text = `mesh: demo
agents: { ${agents.map((name) => `${name}: {}`).join(", ")} }
routes:
  - name: wide
    match: { agent: a0 }
    to: { ${agents.map((name) => `${name}: ${weight}`).join(", ")} }
`;
    return parseMesh([{ name: "mesh.yaml", text }]).diagnostics.map(({ code }) => code);
  };

  it("add up to what fits 32 bits, as Envoy needs it", () => {
    expect(found(4_294, 1_000_000)).to.deep.equal([]);
    expect(found(4_295, 1_000_000)).to.deep.equal(["SC431"]);
  });
});
