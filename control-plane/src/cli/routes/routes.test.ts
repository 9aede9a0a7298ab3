import { expect } from "chai";
import { parseMesh } from "../../config/index.ts";
import { routesOf } from "../../model/build-mesh.ts";
import { duration } from "./route-words.ts";
import { routeLines } from "./routes.ts";

const plain = { bold: (text: string) => text, dim: (text: string) => text };

describe("routes in words", () => {
  it("says in matching order which calls go where, who may, and for how long", () => {
    const lines = linesOf(`
agents: { writer: {}, writer-next: {}, free: {} }
routes:
  - name: writing
    match: { agent: writer, claims: { plan: [gold, silver] } }
    to: { writer: 95, writer-next: 5 }
    sticky: subject
    timeout: 60s
  - name: beta
    match: { agent: writer, model: [large, huge], headers: { x-beta: "yes" }, claims: { team: red } }
    to: writer-next
    allow: { scopes: [agents:invoke, "writer:big"] }
    retry: { attempts: 3, on: [unavailable, reset] }
    timeout: 10m
  - { name: try-me, match: { agent: free }, public: true, timeout: 1500ms }
`);
    expect(lines.slice(0, -2)).to.deep.equal([
      "try-me: calls to free → free; public: no token is needed; at most 1.5 s (mesh.yaml:15)",
      "beta: calls to writer for model huge or large with header x-beta: yes and claim team red → writer-next; needs scope agents:invoke and writer:big; at most 10 min; tried 3 times more on reset or unavailable (mesh.yaml:9)",
      "writing: calls to writer with claim plan gold or silver → writer 95 %, writer-next 5 % (always the same for a subject); needs scope agents:invoke; at most 60 s (mesh.yaml:4)",
      "  other calls to writer: refused, 403",
      "default:writer-next: calls to writer-next → writer-next; needs scope agents:invoke; at most 5 min (mesh.yaml:2)",
    ]);
  });

  it("shows small shares, and no value that steers the terminal", () => {
    const [line] = linesOf(`
agents: { a: {}, b: {} }
routes:
  - name: odd
    match: { agent: a, claims: { team: "x\\e[2Jy" } }
    to: { a: 2999, b: 1 }
    sticky: claim:team
`);
    expect(line).to.include(
      "claim team x·[2Jy → a 99.97 %, b 0.033 % (always the same for a value of claim team)",
    );
  });

  it("says times as a person would", () => {
    const said = [250, 1_500, 60_000, 90_000, 120_000, 300_000, 3_600_000].map(duration);
    expect(said.join()).to.equal("250 ms,1.5 s,60 s,90 s,2 min,5 min,1 h");
  });
});

function linesOf(body: string): readonly string[] {
  const parsed = parseMesh([{ name: "mesh.yaml", text: `mesh: demo${body}` }]);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return routeLines(routesOf(parsed.config), plain);
}
