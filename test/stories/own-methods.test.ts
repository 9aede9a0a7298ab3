// docs/own-methods.md, followed with its own files and commands.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { JsonObject } from "@bufbuild/protobuf";
import { Client, credentials } from "@grpc/grpc-js";
import { findProtoc } from "@smartcall/protos/protoc";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { codecOf, descriptorsOf } from "../edge/station-agent.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { metadataOf } from "../harness/grpc.ts";
import { textAt, valueAt } from "../harness/json.ts";
import { linkModules } from "../harness/link-modules.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { asking, callRest } from "../harness/rest.ts";
import { run } from "../harness/smartcall.ts";

describe("an agent with methods of its own, by the guide", function () {
  this.timeout(120_000);
  const guide = readFileSync(join(root, "docs", "own-methods.md"), "utf8");
  const files = join(root, "test", "agents", "weather");
  const children: Child[] = [];
  let mesh: Mesh;
  let folder = "";

  before(async () => {
    mesh = await startMesh({
      services: [],
      listed: ["tourist", "weather"],
      said: { tourist: "{ calls: [weather] }" },
    });
    linkModules(mesh.folder);
    folder = join(mesh.folder, "weather");
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    for (const [index, name] of ["weather", "tourist", "tried"].entries()) {
      writeFileSync(join(folder, `${name}.ts`), block("ts", index));
    }
    linkModules(folder);
    writeFileSync(join(folder, "weather.proto"), block("proto"));
    await describeMethods();
  });
  after(async () => {
    for (const child of children) await endGroup(child);
    await mesh.stop();
  });

  it("the guide's proto is the one that its descriptors were made of", () => {
    expect(block("proto")).to.equal(readFileSync(join(files, "weather.proto"), "utf8"));
  });

  it("its commands call it by REST, once it runs", async () => {
    const description = {
      method: "GET",
      path: "/openapi.json",
      token: await mesh.token(),
    } as const;
    const before = valueAt((await callRest(mesh, description)).json, "paths");
    expect(before).to.include.keys("/v1/agents/{agent}:invoke");
    expect(before).to.not.have.any.keys("/v1/agents/weather:forecast");
    const agent = start();
    await agent.says(/attached to the mesh/, 60_000);
    const [forecast = "", watch = ""] = block("sh", 1).trim().split("\n");
    await eventually(async () =>
      expect(await shell(forecast)).to.equal('{"sky":"clear over Bern","degrees":21.5}'),
    );
    expect((await shell(watch)).match(/^data: .*$/gm)).to.eql([
      'data: {"sky":"clear","degrees":20}',
      'data: {"sky":"clear","degrees":21}',
    ]);
  });

  it("is described to its callers and to operators, as its proto says it", async () => {
    const call = { method: "GET", path: "/openapi.json", token: await mesh.token() } as const;
    const told = (await callRest(mesh, call)).json;
    const operators: unknown = await (await fetch(`${mesh.admin}/openapi.json`)).json();
    for (const document of [told, operators]) {
      const forecast = valueAt(document, "paths", "/v1/agents/weather:forecast", "post");
      const asked = "#/components/schemas/weather.acme.weather.v1.ForecastRequest";
      expect(
        textAt(forecast, "requestBody", "content", "application/json", "schema", "$ref"),
        JSON.stringify(forecast),
      ).to.equal(asked);
      const watch = valueAt(document, "paths", "/v1/agents/weather/days:watch", "post");
      expect(valueAt(watch, "responses", "200", "content")).to.have.keys("text/event-stream");
    }
  });

  it("is called by gRPC, under the name of its agent", async () => {
    const ask = codecOf(descriptorsOf("weather"), "acme.weather.v1.ForecastRequest");
    const day = codecOf(descriptorsOf("weather"), "acme.weather.v1.Day");
    const client = new Client(new URL(mesh.url).host, credentials.createSsl(Buffer.from(mesh.ca)));
    const metadata = metadataOf({ agent: "weather", token: await mesh.token() });
    const answer = await new Promise<JsonObject | undefined>((resolve, reject) => {
      client.makeUnaryRequest(
        "/acme.weather.v1.Weather/Forecast",
        ask.serialize,
        day.deserialize,
        { city: "Bern" },
        metadata,
        (error, said) => (error === null ? resolve(said) : reject(error)),
      );
    });
    client.close();
    expect(answer).to.include({ degrees: 21.5 });
  });

  it("is called by another agent, through the sidecars of both", async () => {
    await start("tourist.ts").says(/attached to the mesh/, 60_000);
    const token = await mesh.token();
    const call = { path: "/v1/agents/tourist:invoke", token, body: asking("Rome") };
    await eventually(async () => {
      const { json } = await callRest(mesh, call);
      expect(textAt(json, "message", "content")).to.equal("clear over Rome, and then: 20 21");
    });
  });

  it("is called in a test without a mesh", async () => {
    const { output } = await run(process.execPath, ["--import", "tsx", "tried.ts"], {
      cwd: folder,
      env: process.env,
    });
    expect(output.trim().split("\n")).to.eql([
      "{ sky: 'clear over Bern', degrees: 21.5 }",
      "clear over Rome, and then: 20 21",
    ]);
  });

  it("another copy with bad descriptors is told what to change, and disturbs nobody", async () => {
    const bad = readFileSync(join(files, "weather.binpb"), "latin1").replace(
      "/v1/agents/weather:forecast",
      "/v1/agents/other12:forecast",
    );
    writeFileSync(join(folder, "weather.binpb"), bad, "latin1");
    const agent = start();
    await agent.says(/must be `\/v1\/agents\/weather:verb`/, 60_000);
    const token = await mesh.token();
    const call = { path: "/v1/agents/weather:forecast", token, body: { city: "Bern" } };
    expect((await callRest(mesh, call)).status).to.equal(200);
  });

  /** By the guide's own command, where this machine has the compiler: not every processor has. */
  async function describeMethods(): Promise<void> {
    const protoc = findProtoc({ root, env: process.env, arch: process.arch });
    if (!protoc.ok) {
      copyFileSync(join(files, "weather.binpb"), join(folder, "weather.binpb"));
      return;
    }
    const { PATH = "" } = process.env;
    const env = { ...process.env, PATH: `${dirname(protoc.path)}${delimiter}${PATH}` };
    const { code, output } = await run("sh", ["-c", block("sh")], { cwd: folder, env });
    expect(code, output).to.equal(0);
  }

  function start(file = "weather.ts"): Child {
    const child = startChild(process.execPath, ["--import", "tsx", file], {
      cwd: folder,
      env: mesh.env,
    });
    children.push(child);
    return child;
  }

  async function shell(line: string): Promise<string> {
    const command = line.replaceAll(":8443", `:${mesh.port}`);
    const { output } = await run("sh", ["-c", command.replace("curl ", "curl -s ")], {
      cwd: mesh.folder,
      env: { ...mesh.env, npm_config_loglevel: "error" },
    });
    return output;
  }

  /** The guide's first block of a language, or a later one. */
  function block(language: string, index = 0): string {
    const blocks = guide.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"));
    return [...blocks][index]?.[1] ?? "";
  }
});
