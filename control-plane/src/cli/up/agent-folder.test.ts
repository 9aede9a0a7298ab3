import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readAgentFolder } from "./agent-folder.ts";

describe("an agent's folder", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "agent-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (content: object): void =>
    writeFileSync(join(folder, "package.json"), JSON.stringify(content));

  it("names the agent by its package, without the scope", () => {
    write({ name: "@smartcall/echo", main: "echo.js" });
    writeFileSync(join(folder, "echo.js"), "");
    expect(readAgentFolder(folder)).to.deep.equal({
      ok: true,
      agent: { name: "echo", folder, args: ["echo.js"] },
    });
  });

  it("runs TypeScript with a loader", () => {
    write({ name: "poet", main: "poet.ts" });
    writeFileSync(join(folder, "poet.ts"), "");
    expect(readAgentFolder(folder)).to.have.deep.nested.property("agent.args", [
      "--import",
      "tsx",
      "poet.ts",
    ]);
  });

  it("is refused, with the remedy, where it is no agent's", () => {
    const problem = (): string => {
      const read = readAgentFolder(folder);
      return read.ok ? "" : read.problem.replaceAll(folder, "poet");
    };
    expect(problem()).to.equal(
      "The agent folder poet has no package.json that can be read: correct SMARTCALL_AGENTS.",
    );
    write({ name: "poet" });
    expect(problem()).to.equal('poet/package.json has no "main": name the agent\'s program there.');
    write({ name: "poet", main: "poet.js" });
    expect(problem()).to.equal("The agent's program poet/poet.js is not there: run `make build`.");
  });
});
