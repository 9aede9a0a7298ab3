// `smartcall` at a terminal, beside a mesh that runs.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { textAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";
import { type Ended, smartcall } from "../harness/smartcall.ts";

describe("the command line", function () {
  this.timeout(60_000);
  let mesh: Mesh;
  before(async () => {
    mesh = await sharedMesh();
  });

  const type = (...args: readonly string[]): Promise<Ended> =>
    smartcall(args, { cwd: mesh.folder, env: mesh.env });

  it("has help for every command, with an example", async () => {
    for (const command of [
      ["up"],
      ["validate"],
      ["test"],
      ["token"],
      ["call"],
      ["agent", "new"],
      ["gateway"],
    ]) {
      const { code, output } = await type(...command, "--help");
      expect(code, command.join(" ")).to.equal(0);
      expect(output).to.contain("Usage: smartcall").and.to.contain("Example");
    }
  });

  it("calls an agent and prints its answer", async () => {
    expect(await type("call", "echo", "Hello there")).to.deep.equal({
      code: 0,
      output: "Hello there\n",
    });
  });

  it("prints the events of a call as JSON lines for scripts", async () => {
    const { code, output } = await type("call", "--json", "echo", "Hello there");
    expect(code).to.equal(0);
    const events: readonly unknown[] = output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events).to.have.length(3);
    expect(textAt(events.at(-1), "done", "finishReason")).to.equal("stop");
  });

  it("says why a call was refused", async () => {
    const { code, output } = await type("call", "nobody", "Hello");
    expect(code).to.equal(1);
    expect(output).to.match(
      /HTTP 404, UNKNOWN_AGENT, fault client, not to be tried again, request [0-9a-f-]{36}/,
    );
  });

  it("says that no mesh runs where none does", async () => {
    const env = { ...mesh.env, SMARTCALL_STATE: join(mesh.folder, "elsewhere") };
    const { code, output } = await smartcall(["call", "echo", "Hello"], { cwd: mesh.folder, env });
    expect(code).to.equal(3);
    expect(output).to.contain("make up");
  });

  it("validates a mesh file: quiet approval, or each mistake with its place", async () => {
    expect((await type("validate")).code).to.equal(0);
    const file = join(mesh.folder, "broken.yaml");
    writeFileSync(file, "mesh: test\nagents:\n  echo: {}\nroutes:\n  - name: lost\n");
    const { code, output } = await type("validate", file);
    expect(code).to.equal(1);
    expect(output).to.match(/broken\.yaml:5:\d+ error SC\d{3} /);
    expect(output)
      .to.match(/\n +\| +\^/)
      .and.to.contain("hint:");
  });

  it("refuses a wrong setting with a sentence and its own exit code", async () => {
    const { code, output } = await type("up", "--envoy-admin", "0.0.0.0:9");
    expect(code).to.equal(2);
    expect(output).to.contain("--envoy-admin");
  });
});
