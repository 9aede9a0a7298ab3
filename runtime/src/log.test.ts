import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { extname } from "node:path";
import { expect } from "chai";
import { createLog } from "./log.ts";

describe("the log", () => {
  it("is JSON lines with process, level and time", () => {
    const lines: string[] = [];
    const log = createLog("echo", "info", { write: (line) => lines.push(line) });
    log.child({ requestId: "r1" }).info("called");
    log.debug("not shown");
    expect(lines).to.have.length(1);
    const line: unknown = JSON.parse(lines.join(""));
    expect(line).to.include({ level: "info", process: "echo", requestId: "r1", msg: "called" });
    expect(line)
      .to.have.property("time")
      .that.matches(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it("lets its process live on a full disk", async () => {
    const full = openSync("/dev/full", "w");
    expect(await ends(full)).to.equal("0 still here\n");
    closeSync(full);
  });

  it("lets its process live when its reader is gone", async () => {
    expect(await ends("pipe")).to.equal("0 still here\n");
  });
});

/** From the sources a process runs through tsx, from what was built without. */
const loader = extname(import.meta.url) === ".ts" ? ["--import", "tsx"] : [];

const program = `
import { createLog } from ${JSON.stringify(new URL(`log${extname(import.meta.url)}`, import.meta.url).href)};
process.stdin.once("data", () => {
  const log = createLog("test");
  for (let line = 0; line < 20000; line++) log.info({ line }, "some text that takes place");
  process.stderr.write("still here\\n");
  process.exit(0);
});
process.stdin.resume();
`;

function ends(stdout: number | "pipe"): Promise<string> {
  const child = spawn(process.execPath, [...loader, "--input-type=module", "-e", program], {
    stdio: ["pipe", stdout, "pipe"],
  });
  child.stdout?.destroy();
  child.stdin?.end("go");
  let text = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  return new Promise((resolve) => child.once("close", (code) => resolve(`${code} ${text}`)));
}
