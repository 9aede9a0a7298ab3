// The mesh and the agent that docs/egress.md shows, with a stand-in for the provider.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { makeIdentity } from "../harness/certificates.ts";
import { startChild } from "../harness/child.ts";
import { linkModules } from "../harness/link-modules.ts";
import { startEgressSidecar } from "./egress-sidecar.ts";
import { origin } from "./mesh-of.ts";
import { startProvider } from "./provider.ts";
import { writtenMesh } from "./written-mesh.ts";

const page = readFileSync(join(root, "docs", "egress.md"), "utf8");

describe("docs/egress.md", function () {
  this.timeout(120_000);
  let folder: string;
  const variable = "OPENAI_API_KEY";
  const before = process.env[variable];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "smartcall-egress-page-"));
    process.env[variable] = "sk-of-the-page";
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    if (before === undefined) delete process.env[variable];
    else process.env[variable] = before;
  });

  const blocks = (language: string): readonly string[] =>
    [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
      ([, text = ""]) => text,
    );
  const egressIn = async (text: string) => {
    const describeMesh = await writtenMesh(text, {}, { path: join(folder, "mesh.yaml") });
    const certificate = { certificateChain: "", privateKey: "" };
    const gateway = { https: { address: "127.0.0.1", port: 1, certificate }, origin };
    const issuer = { name: "test", audiences: [], keys: '{"keys":[]}' };
    return describeMesh({ gateway, issuer, agentPort: 1, stuckPort: 1 }).egress ?? [];
  };

  it("shows an agent that streams what its provider says, and never has the key", async () => {
    const authority = await makeIdentity("authority", []);
    const provider = await startProvider(await makeIdentity("provider", ["localhost"], authority));
    const [mesh = ""] = blocks("yaml");
    const [agent = ""] = blocks("ts");
    const egress = await egressIn(
      mesh.replace("host: api.openai.com", `host: localhost\n    port: ${provider.port}`),
    );
    const sidecar = await startEgressSidecar("writer", egress, { pem: authority.cert });
    try {
      linkModules(folder);
      writeFileSync(join(folder, "package.json"), '{"type":"module"}');
      writeFileSync(join(folder, "writer.ts"), agent);
      writeFileSync(join(folder, "ask.ts"), asking);
      const { PATH } = process.env;
      const child = startChild("node", ["--import=tsx", "ask.ts", `${sidecar.url}/openai`], {
        cwd: folder,
        env: { PATH },
      });
      await child.ended;
      expect(child.output()).to.equal("Paris it is");
      const request = provider.requests.at(-1);
      expect(request?.path).to.equal("/v1/chat/completions");
      expect(request?.headers["authorization"]).to.equal("Bearer sk-of-the-page");
    } finally {
      await sidecar.stop();
      await provider.stop();
    }
  });

  it("shows other forms of it, which are good", async () => {
    const [, others = ""] = blocks("yaml");
    const authority = await makeIdentity("authority", []);
    const files = { "keys-anthropic": "sk-ant-of-the-page\n", "internal-ca.pem": authority.cert };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const text = others
      .replace("keys/anthropic", "keys-anthropic")
      .replace("tls/internal-ca.pem", "internal-ca.pem");
    const [anthropic, search] = await egressIn(text);
    expect(anthropic?.key).to.deep.equal({
      header: "x-api-key",
      prefix: "",
      value: "sk-ant-of-the-page",
    });
    expect(search).to.include({ port: 8443, timeoutMs: 20_000 });
    expect(search?.authorities).to.contain("BEGIN CERTIFICATE");
  });
});

/** Asks the agent of the page, which is not in a mesh. */
const asking = `
import { testAgent } from "@smartcall/agent-kit";
import { writer } from "./writer.ts";

const [, , openai] = process.argv;
const { text } = await testAgent(writer, { egress: { openai } }).invoke("Hello");
process.stdout.write(text);
`;
