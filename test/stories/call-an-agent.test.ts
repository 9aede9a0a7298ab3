// docs/call-an-agent.md, followed line by line.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { valueAt } from "../harness/json.ts";
import { linkModules } from "../harness/link-modules.ts";
import type { Mesh } from "../harness/mesh.ts";
import { asking, callRest } from "../harness/rest.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";
import { run } from "../harness/smartcall.ts";

const guide = readFileSync(join(root, "docs", "call-an-agent.md"), "utf8");

describe("calling an agent, by the guide", function () {
  this.timeout(60_000);
  let mesh: Mesh;

  before(async () => {
    mesh = await sharedMesh();
    linkModules(mesh.folder);
    for (const program of blocks("js")) {
      const name = /^\/\/ (\S+)\n/.exec(program)?.[1] ?? "";
      writeFileSync(join(mesh.folder, name), atMesh(program));
    }
  });

  it("mints tokens", async () => {
    const minted = commands().filter((line) => line.startsWith("npx smartcall token"));
    expect(minted).to.have.length(2);
    for (const line of minted) expect(await said(line)).to.match(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  });

  it("gets a whole answer by curl, of the shape that is shown", async () => {
    const answer: unknown = JSON.parse(await said(commandWith("curl ")));
    const [shown = ""] = blocks("json");
    const example: unknown = JSON.parse(shown);
    expect(Object.keys(Object(answer)).sort()).to.deep.equal(Object.keys(Object(example)).sort());
    for (const key of ["message", "finishReason"]) {
      expect(valueAt(answer, key)).to.deep.equal(valueAt(example, key));
    }
  });

  it("reads a stream by fetch", async () => {
    expect(await said(commandWith("stream.mjs"))).to.equal("one two three");
  });

  it("calls by native gRPC", async () => {
    expect(await said(commandWith("call.mjs"))).to.equal("Hello\n");
  });

  it("is refused in the shape that is shown", async () => {
    const path = "/v1/agents/nobody:invoke";
    const token = await mesh.token();
    const { json, headers } = await callRest(mesh, { path, token, body: asking("Hello") });
    const shown = blocks("json")[1] ?? "";
    expect(json).to.deep.equal(JSON.parse(shown.replace("…", String(headers["x-request-id"]))));
  });

  async function said(line: string): Promise<string> {
    const { code, output } = await run("sh", ["-c", atMesh(line)], {
      cwd: mesh.folder,
      // Else npm mixes its own warnings into what is read here.
      env: { ...mesh.env, npm_config_loglevel: "error" },
    });
    expect(code, output).to.equal(0);
    return output;
  }

  function atMesh(text: string): string {
    return text.replaceAll("localhost:8443", `localhost:${mesh.port}`);
  }
});

/** The guide's blocks of one language. */
function blocks(language: string): readonly string[] {
  const block = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm");
  return [...guide.matchAll(block)].map(([, text = ""]) => text);
}

function commands(): readonly string[] {
  return blocks("sh")
    .flatMap((block) => block.split("\n"))
    .map((line) => line.replace(/\s+#.*$/, "").trim())
    .filter((line) => line !== "");
}

function commandWith(text: string): string {
  const command = commands().find((line) => line.includes(text));
  if (command === undefined) throw new Error(`the guide has no command with ${text}`);
  return command;
}
