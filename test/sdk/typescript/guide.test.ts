// docs/sdk-typescript.md: its programs, run as it says; and the browser's build, in a real one.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { root } from "../../checks/repository.ts";
import { startBrowser, type TestBrowser } from "../../harness/browser.ts";
import { eventually } from "../../harness/eventually.ts";
import { linkModules } from "../../harness/link-modules.ts";
import { type Mesh, startMesh } from "../../harness/mesh.ts";
import { run } from "../../harness/smartcall.ts";

const guide = readFileSync(join(root, "docs", "sdk-typescript.md"), "utf8");
const built = join(root, "sdk", "typescript", "dist");

describe("the guide of the TypeScript SDK", function () {
  this.timeout(120_000);
  let mesh: Mesh;
  let token: string;
  before(async () => {
    mesh = await startMesh();
    token = await mesh.token();
    linkModules(mesh.folder);
    for (const program of blocks("js")) {
      const name = /^\/\/ (\S+)\n/.exec(program)?.[1] ?? "";
      writeFileSync(join(mesh.folder, name), atMesh(program));
    }
  });
  after(() => mesh.stop());

  it("asks, streams and lists agents", async () => {
    const [, ask = ""] = blocks("sh");
    expect(await said(ask)).to.equal("Hello stop\none two three (stop)\necho available\n");
  });

  it("is begun by its package's own page", async () => {
    const readme = readFileSync(join(root, "sdk", "typescript", "README.md"), "utf8");
    const [program = ""] = blocks("ts", readme);
    writeFileSync(join(mesh.folder, "readme.mjs"), atMesh(program));
    expect(await ran("readme.mjs")).to.equal("Hello\n");
  });

  it("converses", async () => {
    expect(await ran("converse.mjs")).to.equal("Hello (stop)\nAnd again (stop)\n");
  });

  it("shows another token where one is refused", async () => {
    expect(await ran("token.mjs")).to.equal("Hello, after 2 tokens\n");
  });

  it("says why a call failed", async () => {
    expect(await ran("errors.mjs")).to.match(/^NotFound UNKNOWN_AGENT No agent has this name.*\n$/);
  });

  describe("in a browser", () => {
    let browser: TestBrowser;
    let page: Page;
    let files: Server;
    before(async () => {
      files = await serveBuilt();
      browser = await startBrowser();
      const { origin } = new URL(browser.originOf("app"));
      const yaml = readFileSync(mesh.meshFile, "utf8");
      const named = `gateway:\n  cors: { origins: ["${origin}"] }\n`;
      writeFileSync(mesh.meshFile, yaml.replace("gateway:\n", named));
      page = await browser.open("app");
    });
    after(async () => {
      await browser.stop();
      files.closeAllConnections();
      files.close();
    });

    it("works without a bundler, by the page that is shown", async () => {
      const [html = ""] = blocks("html");
      const whole = atMesh(html)
        .replace("TOKEN", JSON.stringify(token))
        .replace("/client/browser.js", `${addressOf(files)}/browser.js`);
      await eventually(
        async () => {
          await page.setContent(whole);
          await page.waitForSelector("[data-done=yes]", { timeout: 3_000 });
        },
        { withinMs: 20_000 },
      );
      expect(await page.textContent("#answer")).to.equal("Hello");
    });

    it("renews the token of a socket before it ends", async () => {
      const line = "npx smartcall token --lifetime 12s";
      const short = (await said(line)).trim();
      const program = `async ([url, short, token, place]) => {
        const { Client } = await import(place + "/browser.js");
        let asked = 0;
        const client = new Client({ url, token: () => (asked++ === 0 ? short : token) });
        const socket = await client.agent("echo").converse();
        const first = asked;
        const end = (JSON.parse(atob(short.split(".")[1])).exp + 3) * 1_000;
        let over = false;
        socket.closed.then(() => { over = true; });
        while (Date.now() < end && !over) await new Promise((resolve) => setTimeout(resolve, 100));
        const turn = socket.conversation().ask("still here");
        for await (const _ of turn);
        await socket.close();
        return [turn.answer.text, first, asked];
      }`;
      const places = JSON.stringify([mesh.url, short, token, addressOf(files)]);
      expect(await page.evaluate(`(${program})(${places})`)).to.deep.equal(["still here", 1, 2]);
    });

    it("does all that the SDK does: what fails is told by the same errors", async () => {
      const program = `async ([url, token, place]) => {
        const { Client, StreamBroken } = await import(place + "/browser.js");
        const told = [];
        const failure = (act) => act().then(() => "none", ({ name, reason }) => name + " " + reason);
        const client = new Client({ url, token });
        const echo = client.agent("echo");
        const answer = await echo.invoke("good day");
        told.push(answer.text, answer.finishReason, answer.requestId === "" ? "no id" : "id");
        for await (const { text } of echo.stream("one two")) { told.push(text); break; }
        const left = new AbortController();
        left.abort();
        told.push(await failure(() => echo.invoke("x", { signal: left.signal })));
        const socket = await echo.converse();
        const talk = socket.conversation();
        for (const ask of ["first", "second"]) {
          for await (const { text } of talk.ask(ask)) told.push(text);
        }
        await socket.close();
        told.push(String(await socket.closed));
        told.push((await client.agents()).map(({ name }) => name).join());
        const forged = new Client({ url, token: "forged" }).agent("echo");
        told.push(await failure(() => forged.invoke("x")));
        told.push(await failure(() => forged.converse()));
        const nobody = new Client({ url: "https://localhost:1", token }).agent("echo");
        told.push(await failure(() => nobody.invoke("x")), await failure(() => nobody.converse()));
        return told;
      }`;
      const places = JSON.stringify([mesh.url, token, addressOf(files)]);
      expect(await page.evaluate(`(${program})(${places})`)).to.deep.equal([
        "good day",
        "stop",
        "id",
        "one ",
        "Cancelled CANCELLED",
        "first",
        "second",
        "undefined",
        "echo",
        "Unauthenticated TOKEN_NOT_ACCEPTED",
        "Unauthenticated TOKEN_NOT_ACCEPTED",
        "ConnectionFailed CONNECTION_FAILED",
        "ConnectionFailed CONNECTION_FAILED",
      ]);
    });
  });

  it("installs where nothing else is, calls by it, and its types are whole", async () => {
    const folder = mkdtempSync(join(tmpdir(), "smartcall-client-"));
    const quietly = { npm_config_audit: "false", npm_config_fund: "false" };
    const env = {
      ...mesh.env,
      ...quietly,
      npm_config_prefer_offline: "true",
      NODE_EXTRA_CA_CERTS: mesh.caFile,
      TOKEN: token,
    };
    const ran = async (command: string, cwd = folder): Promise<string> => {
      const { code, output } = await run("sh", ["-c", command], { cwd, env });
      expect(code, output).to.equal(0);
      return output;
    };
    try {
      const packed = join(folder, "build");
      mkdirSync(packed);
      await ran(`npm pack --silent --pack-destination ${packed} --workspace sdk/typescript`, root);
      writeFileSync(join(folder, "package.json"), '{"type":"module","private":true}');
      await ran((blocks("sh")[0] ?? "").replace("PATH", folder));
      const found = await ran("ls node_modules node_modules/@smartcall");
      expect(found.split(/\s+/).join(" ")).to.equal(
        "node_modules: @smartcall ws node_modules/@smartcall: client ",
      );
      for (const [name, says] of [
        ["ask.mjs", "Hello stop\n"],
        ["converse.mjs", "Hello (stop)\n"],
      ] as const) {
        writeFileSync(join(folder, name), readFileSync(join(mesh.folder, name)));
        expect(await ran(`node ${name}`)).to.contain(says);
      }
      writeFileSync(join(folder, "typed.ts"), typed);
      const modules = join(root, "node_modules");
      for (const where of [
        { lib: ["es2023"], types: ["node"], typeRoots: [join(modules, "@types")] },
        { lib: ["es2023", "dom"], types: [] },
      ]) {
        const how = { strict: true, noEmit: true, module: "nodenext", ...where };
        const tsconfig = { compilerOptions: how, files: ["typed.ts"] };
        writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
        await ran(`${join(modules, ".bin", "tsc")} -p .`);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  function atMesh(text: string): string {
    return text.replaceAll("localhost:8443", `localhost:${mesh.port}`);
  }

  /** What a program says, run as the first one of the guide is. */
  async function ran(name: string): Promise<string> {
    const [, ask = ""] = blocks("sh");
    return await said(ask.replace("ask.mjs", name));
  }

  async function said(line: string): Promise<string> {
    const env = { ...mesh.env, npm_config_loglevel: "error" };
    const { code, output } = await run("sh", ["-c", line], { cwd: mesh.folder, env });
    expect(code, output).to.equal(0);
    return output;
  }
});

/** A program of a user whose compiler is strict. */
const typed = `
import { type Answer, type Ask, Client, InvalidRequest, type Message } from "@smartcall/client";

const client: Client = new Client({ url: "https://localhost:8443", token: async () => "x", fetch });
const before: readonly Message[] = [{ role: "user", content: "Hello" }];
const ask: Ask = { messages: before, temperature: 0 };
export async function run(signal: AbortSignal): Promise<Answer> {
  const socket = await client.agent("echo").converse({ signal, timeoutMs: undefined });
  const stream = socket.conversation("c").ask(ask, { signal });
  for await (const { text } of stream) console.log(text.length);
  const error: unknown = await socket.closed;
  if (error instanceof InvalidRequest) console.log(error.fields[0]?.field);
  return stream.answer;
}
`;

/** A page's blocks of one language; the guide's, where none is named. */
function blocks(language: string, page = guide): readonly string[] {
  const block = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm");
  return [...page.matchAll(block)].map(([, text = ""]) => text);
}

/** The built package, as a web server of a page has it. */
async function serveBuilt(): Promise<Server> {
  const server = createServer(({ url = "/" }, response) => {
    const path = join(built, new URL(url, "http://localhost").pathname);
    response.writeHead(200, {
      "content-type": "text/javascript",
      "access-control-allow-origin": "*",
    });
    response.end(readFileSync(path));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  return `http://127.0.0.1:${address.port}`;
}
