import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

describe("an exception that nobody catches", () => {
  const runtime = fileURLToPath(import.meta.resolve("@smartcall/runtime"));
  const run = (body: string) => {
    const program = `
      import { createLog, endByBug } from ${JSON.stringify(runtime)};
      endByBug(createLog("test", "debug"));
      ${body}
      setTimeout(() => { console.log("went on"); process.exit(0); }, 20);`;
    const args = ["--input-type=module", "--eval", program];
    return spawnSync(process.execPath, args, { encoding: "utf8" });
  };

  it("ends the process, and stands in its log", () => {
    const { status, stderr, stdout } = run('setImmediate(() => { throw new Error("oh"); });');
    expect([status, stderr]).to.deep.equal([1, ""]);
    expect(stdout).to.include('"message":"oh"').and.not.include("went on");
  });

  for (const [what, body] of [
    ["nothing was thrown", "setImmediate(() => { throw undefined; });"],
    ["a promise failed with words", 'Promise.reject("words");'],
  ] as const) {
    it(`ends it also where ${what}`, () => {
      const { status, stderr, stdout } = run(body);
      expect([status, stderr]).to.deep.equal([1, ""]);
      expect(stdout).to.include("a bug: the process ends").and.not.include("went on");
    });
  }

  it("does not where grpc-js refuses a call whose caller has left", () => {
    const { status, stderr, stdout } = run(`
      import { createServer, connect } from "node:http2";
      const server = createServer();
      server.on("stream", (stream) => { stream.destroy(); stream.respond({}); });
      server.listen(0, () => {
        const client = connect("http://127.0.0.1:" + server.address().port);
        client.request().on("error", () => undefined);
      });
      await new Promise((resolve) => setTimeout(resolve, 200));`);
    expect([status, stderr]).to.deep.equal([0, ""]);
    expect(stdout).to.include("a caller left").and.include("went on");
  });
});
