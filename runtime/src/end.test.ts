import { type ChildProcess, spawn } from "node:child_process";
import { extname } from "node:path";
import { expect } from "chai";

describe("the end of a process", function () {
  this.timeout(20_000);

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`comes once at ${signal}, after its work is done`, async () => {
      const { child, said, ended } = start(server(200));
      await said("ready");
      child.kill(signal);
      await said(`ending: ${signal}`);
      child.kill("SIGHUP");
      expect(await ended).to.deep.equal({ code: 0, text: `ready\nending: ${signal}\nended\n` });
    });
  }

  it("comes at once when it is asked for again", async () => {
    const { child, said, ended } = start(server(60_000));
    await said("ready");
    child.kill("SIGTERM");
    await said("ending: SIGTERM");
    child.kill("SIGINT");
    expect((await ended).code).to.equal(1);
  });

  it("comes when the process that started it is killed, by its IPC channel", async () => {
    expect(await orphan('["ignore", "inherit", "inherit", "ipc"]')).to.match(gone);
  });

  it("comes when the process that started it is killed, without an IPC channel", async () => {
    expect(await orphan('["ignore", "inherit", "inherit"]')).to.match(gone);
  });
});

/** From the sources a process runs through tsx, from what was built without. */
const loader = extname(import.meta.url) === ".ts" ? ["--import", "tsx"] : [];
const gone = /ready\nending: the process that started this one is gone\nended\n$/;
const module = JSON.stringify(new URL(`index${extname(import.meta.url)}`, import.meta.url).href);

function server(endMs: number): string {
  return `
import { createLog, onEnd } from ${module};
const say = (text) => process.stdout.write(text + "\\n");
onEnd(createLog("test", "fatal"), async (reason) => {
  say("ending: " + reason);
  await new Promise((done) => setTimeout(done, ${endMs}));
  say("ended");
});
setInterval(() => {}, 1000);
say("ready");
`;
}

interface Started {
  readonly child: ChildProcess;
  said(text: string): Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly text: string }>;
}

function start(program: string): Started {
  const child = spawn(process.execPath, [...loader, "--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  return {
    child,
    said: (wanted) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!text.includes(wanted)) return;
          child.stdout.off("data", look);
          resolve();
        };
        child.stdout.on("data", look);
        look();
      }),
    ended: new Promise((resolve) => child.once("close", (code) => resolve({ code, text }))),
  };
}

/** Starts a process that starts another, kills the first, and returns what the other said. */
async function orphan(stdio: string): Promise<string> {
  const parent = start(`
import { spawn } from "node:child_process";
spawn(process.execPath, ${JSON.stringify([...loader, "--input-type=module", "-e", server(10)])}, {
  stdio: ${stdio},
  env: { ...process.env, SMARTCALL_PARENT: String(process.pid) },
});
setInterval(() => {}, 1000);
`);
  await parent.said("ready");
  parent.child.kill("SIGKILL");
  return (await parent.ended).text;
}
