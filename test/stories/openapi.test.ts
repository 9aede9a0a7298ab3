// docs/openapi.md: what a mesh tells its callers of itself, and the page to try calls in.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { root } from "../checks/repository.ts";
import { startBrowser, type TestBrowser } from "../harness/browser.ts";
import { eventually } from "../harness/eventually.ts";
import { expectRefusal } from "../harness/expect-refusal.ts";
import { entries, listAt, textAt, valueAt } from "../harness/json.ts";
import { linkModules } from "../harness/link-modules.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { processMarked } from "../harness/processes.ts";
import { reflectOn } from "../harness/reflection.ts";
import { asking, callRest, type RestReply } from "../harness/rest.ts";

describe("what a mesh tells its callers of itself", function () {
  this.timeout(120_000);
  let mesh: Mesh;
  let browser: TestBrowser;
  before(async () => {
    mesh = await startMesh({
      listed: ["inner", "gold"],
      said: { inner: "{ expose: false }" },
      routes: ["{ name: gold, match: { agent: gold, claims: { plan: gold } } }"],
    });
    browser = await startBrowser();
  });
  after(async () => {
    await browser.stop();
    await mesh.stop();
  });

  const get = async (path: string, token?: string): Promise<RestReply> =>
    callRest(mesh, { method: "GET", path, ...(token !== undefined && { token }) });
  const namesFor = async (token: string): Promise<readonly string[]> => {
    const { json } = await get("/v1/agents", token);
    return listAt(json, "agents").map((agent) => textAt(agent, "name"));
  };
  const docs = async (said: string, status: number): Promise<void> => {
    const text = readFileSync(mesh.meshFile, "utf8").replace(/\n {2}docs: .*/, "");
    writeFileSync(mesh.meshFile, text.replace("\nagents:", `${said}\nagents:`));
    await eventually(async () => expect((await get("/docs")).status).to.equal(status));
  };

  it("lists the agents that a caller may call, and no other", async () => {
    expect(await namesFor(await mesh.token())).to.deep.equal(["echo"]);
    expect(await namesFor(await mesh.token({ claims: { plan: "gold" } }))).to.deep.equal([
      "echo",
      "gold",
    ]);
    expect(await namesFor(await mesh.token({ scope: "other" }))).to.deep.equal([]);
    expectRefusal(await get("/v1/agents"), 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED");
  });

  it("answers the guide's commands as the guide says", async () => {
    const guide = readFileSync(join(root, "docs", "openapi.md"), "utf8");
    const commands = [...guide.matchAll(/```sh\n(curl .*)\n```/g)].map(
      ([, command = ""]) => command,
    );
    const shown: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(guide)?.[1] ?? "");
    linkModules(mesh.folder);
    const here = { cwd: mesh.folder, env: mesh.env, encoding: "utf8" } as const;
    const [list, document] = commands.map((command): unknown => {
      const line = command.replace("https://localhost:8443", mesh.url);
      return JSON.parse(execFileSync("sh", ["-c", line], here));
    });
    expect(list).to.deep.equal(shown);
    expect(document).to.have.property("openapi", "3.1.1");
  });

  it("pages through the list", async () => {
    const token = await mesh.token({ claims: { plan: "gold" } });
    const first = await get("/v1/agents?pageSize=1", token);
    expect(textAt(first.json, "agents", 0, "name")).to.equal("echo");
    const next = textAt(first.json, "nextPageToken");
    const second = await get(`/v1/agents?pageSize=1&pageToken=${next}`, token);
    expect(textAt(second.json, "agents", 0, "name")).to.equal("gold");
    expect(valueAt(second.json, "nextPageToken")).to.equal(undefined);
    const wrong = await get("/v1/agents?pageSize=501", token);
    expect(wrong.status, wrong.text).to.equal(400);
  });

  it("tells of one agent, and of one that the caller may not call as of none", async () => {
    const { json } = await get("/v1/agents/echo", await mesh.token());
    expect(textAt(json, "health")).to.equal("available");
    expect(textAt(json, "description")).to.not.equal("");
    expect(listAt(json, "capabilities", "methods")).to.deep.equal(["invoke", "stream", "converse"]);
    for (const name of ["gold", "inner", "nobody"]) {
      expect((await get(`/v1/agents/${name}`, await mesh.token())).status).to.equal(404);
    }
  });

  it("is read, and nothing else", async () => {
    const token = await mesh.token();
    for (const path of ["/v1/agents", "/v1/agents/echo", "/openapi.json", "/docs"]) {
      const reply = await callRest(mesh, { path, token, body: {} });
      expectRefusal(reply, 405, "UNIMPLEMENTED", "METHOD_NOT_ALLOWED");
      expect(reply.headers["allow"]).to.equal("GET");
    }
  });

  it("describes to a caller what it may call", async () => {
    const { json, headers } = await get("/openapi.json", await mesh.token());
    expect(headers["content-type"]).to.equal("application/json");
    const paths = entries(json, "paths").map(([path]) => path);
    expect(paths).to.include.members(["/v1/agents/{agent}:invoke", "/v1/agents", "/openapi.json"]);
    const [agent] = listAt(json, "paths", "/v1/agents/{agent}:invoke", "post", "parameters");
    expect(listAt(agent, "schema", "enum")).to.deep.equal(["echo"]);
    const operators = await fetch(`${mesh.admin}/openapi.json`);
    expect(await operators.json())
      .to.have.nested.property("servers[0].url")
      .that.equals(mesh.url);
  });

  it("shows operators the page and the document of all agents, and tries no calls there", async () => {
    const page = await browser.open("any");
    const problems: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    await page.goto(`${mesh.admin}/docs`);
    await page.getByText(`Calls are tried at ${mesh.url}/docs.`).waitFor();
    const invoke = page.locator("#operations-Agents-invoke");
    await invoke.locator(".opblock-summary-control").click();
    await invoke.getByText("Parameters").waitFor();
    expect(await page.getByRole("button", { name: "Try it out" }).count()).to.equal(0);
    expect(problems).to.deep.equal([]);
    expect((await fetch(`${mesh.admin}/docs/package.json`)).status).to.equal(404);
  });

  it("says it to those whom `gateway.docs` names", async () => {
    expectRefusal(await get("/docs"), 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED");
    const other = await mesh.token({ scope: "other" });
    expectRefusal(await get("/openapi.json", other), 403, "PERMISSION_DENIED", "SCOPE_MISSING");
    await docs("\n  docs: { scopes: [other] }", 401);
    await eventually(async () => expect((await get("/docs", other)).status).to.equal(200));
    await docs("\n  docs: off", 401);
    await eventually(async () => expect((await get("/docs", other)).status).to.equal(404));
    await docs("\n  docs: public", 200);
  });

  it("has a page that tries calls, and shows streams as they come", async () => {
    await docs("\n  docs: public", 200);
    const page = await browser.open("any");
    const problems: string[] = [];
    const asked: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    page.on("request", (request) => asked.push(new URL(request.url()).protocol));
    await page.goto(`${mesh.url}/docs`);
    await page.fill("#token", await mesh.token());
    await page.click("#reader button");
    await page.getByText("Shown is what the token may call.").waitFor();
    const invoked = await tryOut(page, "invoke", "Paris by page");
    await eventually(async () => expect(await invoked.textContent()).to.contain("Paris by page"));
    const { screenshots } = process.env;
    if (screenshots !== undefined) await page.screenshot({ path: join(screenshots, "invoke.png") });
    await tryOut(page, "stream", "word after word");
    const events = page.locator("#events pre");
    await eventually(async () => {
      expect(await events.textContent()).to.match(/data: .*"sequence":1[\s\S]*"done"/);
    });
    if (screenshots !== undefined) await page.screenshot({ path: join(screenshots, "stream.png") });
    expect(problems).to.deep.equal([]);
    expect(asked.filter((protocol) => protocol !== "data:" && protocol !== "https:")).to.deep.equal(
      [],
    );
  });

  it("answers reflection to tokens with its scope", async () => {
    const token = await mesh.token({ scope: "agents:invoke mesh:reflect" });
    for (const version of ["v1", "v1alpha"] as const) {
      const { services } = await reflectOn(mesh, token, { services: true }, version);
      expect(services).to.include.members([
        "smartcall.v1.AgentService",
        "smartcall.v1.DirectoryService",
      ]);
    }
    const { files } = await reflectOn(mesh, token, { symbol: "smartcall.v1.AgentService" });
    const described = files.flatMap(({ messageType }) => messageType.map(({ name }) => name));
    expect(described).to.include.members(["InvokeRequest", "StreamEvent"]);
    const refused = await reflectOn(mesh, await mesh.token(), { services: true }).catch(
      (error: unknown) => error,
    );
    expect(refused).to.have.property("code", 7);
  });

  it("is away with the control plane, while calls go on", async () => {
    const token = await mesh.token();
    process.kill(processMarked(mesh.mark, /control-plane\/dist\/(bundle\/)?main\.js/), "SIGKILL");
    try {
      const away = await get("/v1/agents", token);
      expectRefusal(away, 503, "UNAVAILABLE", "DIRECTORY_UNAVAILABLE");
      const path = "/v1/agents/echo:invoke";
      expect((await callRest(mesh, { path, token, body: asking("on") })).status).to.equal(200);
    } finally {
      await eventually(async () => expect((await get("/v1/agents", token)).status).to.equal(200));
    }
  });
});

/** Fills in a message for `echo`, sends it, and gives the place of the answer. */
async function tryOut(page: Page, operation: string, text: string) {
  const block = page.locator(`#operations-Agents-${operation}`);
  await block.locator(".opblock-summary-control").click();
  await block.getByRole("button", { name: "Try it out" }).click();
  const body = { messages: [{ role: "user", content: text }] };
  await block.locator("textarea.body-param__text").fill(JSON.stringify(body));
  await block.getByRole("button", { name: "Execute" }).click();
  return block.locator(".live-responses-table .response").first();
}
