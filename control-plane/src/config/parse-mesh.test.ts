import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { parseMesh } from "./parse-mesh.ts";

const small = "mesh: demo\nagents: { echo: {}, writer: {} }\n";

function codesOf(...texts: string[]): readonly string[] {
  const files = texts.map((text, index) => ({ name: `${index}.yaml`, text }));
  return parseMesh(files).diagnostics.map(({ at, code }) => `${at.file}:${at.line} ${code}`);
}

describe("parsing the files of a mesh", () => {
  it("reads what is written, with defaults for the rest", () => {
    const parsed = parseMesh([
      { name: "mesh.yaml", text: `${small}routes:\n  - name: a\n    match: { agent: echo }\n` },
    ]);
    if (!parsed.ok) {
      expect.fail(JSON.stringify(parsed.diagnostics));
    }
    expect(parsed.config.mesh).to.equal("demo");
    expect(parsed.config.gateway.https.port).to.equal(8443);
    expect(parsed.config.gateway.https.address.value).to.equal("127.0.0.1");
    expect(parsed.config.gateway.https.certificate).to.deep.equal({ kind: "dev" });
    expect([...parsed.config.agents.keys()]).to.deep.equal(["echo", "writer"]);
    expect(parsed.config.routes[0]?.value).to.include({ name: "a", timeout: 300_000 });
    expect(parsed.config.routes[0]?.value.at).to.deep.equal({
      file: "mesh.yaml",
      line: 4,
      column: 5,
    });
  });

  it("takes agents and routes from every file of a folder", () => {
    const parsed = parseMesh([
      { name: "a.yaml", text: "mesh: demo\nagents: { echo: {} }\n" },
      { name: "b.yaml", text: "agents: { poet: {} }\nroutes: []\n" },
      { name: "c.yaml", text: "routes: [{ name: p, match: { agent: poet } }]\n" },
    ]);
    expect(parsed.diagnostics).to.deep.equal([]);
    expect(parsed.ok && [...parsed.config.agents.keys()]).to.deep.equal(["echo", "poet"]);
    expect(parsed.ok && parsed.config.routes[0]?.value.at.file).to.equal("c.yaml");
  });

  it("takes budgets and prices from every file of a folder, each name once", () => {
    const budget = "{ by: mesh, tokens: 5000, per: day }";
    const parsed = parseMesh([
      { name: "a.yaml", text: `${small}budgets: { one: ${budget} }\nprices: {}\n` },
      { name: "b.yaml", text: `budgets: { two: ${budget}, one: ${budget} }\nprices: {}\n` },
    ]);
    expect(parsed.diagnostics.map(({ at, code }) => `${at.file} ${code}`)).to.deep.equal([
      "a.yaml SC428",
      "b.yaml SC428",
      "b.yaml SC407",
    ]);
  });

  it("refuses what two files of a folder both set, and says where", () => {
    const parsed = parseMesh([
      { name: "a.yaml", text: small },
      { name: "b.yaml", text: "mesh: other\nagents:\n  echo: {}\n" },
    ]);
    expect(parsed.diagnostics.map(({ message }) => message)).to.deep.equal([
      "`mesh` is already set on a.yaml:1.",
      "`echo` is already set on a.yaml:2.",
    ]);
  });

  it("does not hold against one file what may stand in another that cannot be read", () => {
    const route = "routes: [{ name: a, match: { agent: poet }, wrong: 1 }]\n";
    expect(codesOf(route, "mesh: demo\nagents: { poet: {}\n")).to.deep.equal([
      "0.yaml:1 SC201",
      "1.yaml:2 SC101",
    ]);
  });

  it("finds what is wrong in a file by itself, though another one cannot be read", () => {
    const budget = "budget: { of: team, reserve: 10 }";
    const weights = "to: { poet: 0 }, public: true, allow: { certificates: [x.internal] }";
    const routes = `routes:
  - { name: a, match: { agent: poet }, ${budget} }
  - { name: a, match: { agent: poet }, ${weights} }
  - { name: c, match: { agent: poet, headers: { host: x } } }
`;
    for (const broken of ["", "mesh: [\n"]) {
      expect(codesOf(routes, broken).slice(0, -1)).to.deep.equal([
        "0.yaml:3 SC406",
        "0.yaml:3 SC403",
        "0.yaml:3 SC405",
        "0.yaml:4 SC402",
      ]);
    }
  });

  it("refuses what is nested without end by its bound, however it is written", () => {
    const blocks = Array.from({ length: 3_000 }, (_, depth) => `${" ".repeat(depth)}a:\n`);
    for (const text of [`agents: ${"[".repeat(2_000)}`, blocks.join("")]) {
      const { diagnostics } = parseMesh([{ name: "mesh.yaml", text }]);
      expect(diagnostics.map(({ code }) => code)).to.deep.equal(["SC111"]);
    }
  });

  it("refuses a folder whose files hold nothing, and one file that was cut to nothing", () => {
    expect(codesOf("")).to.deep.equal(["0.yaml:1 SC107"]);
    expect(codesOf(small, "# later\n")).to.deep.equal(["1.yaml:1 SC107"]);
    expect(codesOf("mesh: demo\n")).to.deep.equal(["0.yaml:1 SC203"]);
  });

  it("never throws, and points into the file, wherever the text is cut off or damaged", () => {
    const text = readFileSync(
      new URL("../../src/config/cases/ok-everything.yaml", import.meta.url),
      "utf8",
    );
    fc.assert(
      fc.property(
        fc.nat(text.length),
        fc.constantFrom("", "\t", "{", "]", '"', "'", ": ", "- ", "*x", "&y ", "|", "\n", "\u0000"),
        fc.nat(text.length),
        (at, put, until) => {
          const damaged = text.slice(0, at) + put + text.slice(until);
          const lines = damaged.split("\n");
          for (const each of parseMesh([{ name: "m.yaml", text: damaged }]).diagnostics) {
            const line = lines[each.at.line - 1];
            expect(line, JSON.stringify(each)).to.be.a("string");
            expect(each.at.column).to.be.within(1, (line?.length ?? 0) + 1);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("reads and checks 1,000 routes in well under a second", () => {
    const routes = Array.from(
      { length: 1000 },
      (_, index) =>
        `  - name: route-${index}\n    match: { agent: agent-${index % 10}, headers: { x-tenant: t${index} } }\n` +
        `    to: { agent-${index % 10}: 90, agent-${(index + 1) % 10}: 10 }\n    timeout: 60s\n`,
    );
    const agents = Array.from({ length: 10 }, (_, index) => `  agent-${index}: {}\n`);
    const text = `mesh: demo\nagents:\n${agents.join("")}routes:\n${routes.join("")}`;
    const before = process.cpuUsage();
    const parsed = parseMesh([{ name: "mesh.yaml", text }]);
    const { user, system } = process.cpuUsage(before);
    expect(parsed.ok).to.equal(true);
    expect((user + system) / 1000).to.be.below(1500);
  });
});
