import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { writeRun } from "@smartcall/runtime";
import { expect } from "chai";
import type { CommandEnd } from "../exit-codes.ts";
import { isAgentsAnswer } from "./answers.ts";
import { getJson } from "./get-json.ts";
import { json, type Rig, startRig } from "./rig.test.ts";
import { findServer } from "./server.ts";
import type { ServerSettings } from "./server-settings.ts";

describe("a client of the control plane", () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await startRig();
    rig.answer = json({ agents: [], listed: [], more: 1 });
  });
  afterEach(() => rig.close());

  const end = async (change: Partial<ServerSettings> = {}): Promise<CommandEnd | "well"> => {
    const found = await findServer({ ...rig.settings, ...change });
    if (!found.ok) return found.end;
    const got = await getJson(found.server, "/agents", isAgentsAnswer);
    return got.ok ? "well" : got.end;
  };
  const problem = async (change: Partial<ServerSettings> = {}): Promise<string> => {
    const ended = await end(change);
    return ended === "well" ? ended : `${ended.reason}: ${ended.problems.join(" ")}`;
  };
  const refuse = (code: number, message: string): void => {
    rig.answer = json({ error: { code, message } }, code);
  };

  it("shows its token to a control plane whose certificate it trusts", async () => {
    expect(await end()).to.equal("well");
    expect(rig.asked).to.deep.equal([
      { method: "GET", path: "/agents", token: "Bearer t.o.k", body: "" },
    ]);
  });

  it("shows it to nobody else", async () => {
    expect(await problem({ trust: undefined })).to.match(/failed: .* is not trusted .* --ca /);
    const other = await startRig();
    expect(await problem({ trust: other.caFile })).to.include("is not trusted");
    await other.close();
    const byAddress = `https://127.0.0.1:${rig.port}`;
    expect(await problem({ server: byAddress })).to.include("is not for 127.0.0.1");
    expect(rig.asked).to.deep.equal([]);
  });

  it("says what token to get where it is refused", async () => {
    refuse(401, "The token is not accepted: it expired.");
    expect(await problem()).to.match(/it expired\. .*token --scope mesh:admin/);
    expect(await problem({ token: undefined })).to.match(/needs a token: .*SMARTCALL_TOKEN/);
    refuse(403, "The token of ann does not have the scope mesh:admin.");
    expect(await problem()).to.match(/does not have the scope mesh:admin\. Ask for one/);
  });

  it("says what the control plane says, and where something else answers", async () => {
    refuse(500, "This page failed.");
    expect(await problem()).to.match(/^failed: .* says: This page failed\.$/);
    for (const answer of [{ agents: [{}], listed: [] }, { agents: [] }, "nonsense", null]) {
      rig.answer = json(answer);
      expect(await problem(), JSON.stringify(answer)).to.include("/agents is not as expected");
    }
    rig.answer = json("no", 404);
    expect(await problem()).to.include("is no control plane");
  });

  it("says where an answer breaks off", async () => {
    rig.answer = (_, response) => {
      response.writeHead(200, { "content-length": 100 }).write("{");
      response.socket?.destroySoon();
    };
    expect(await problem()).to.include("broke off");
  });

  it("says why nothing is reached", async () => {
    expect(await problem({ server: "https://localhost:1" })).to.include("nothing listens there");
    const plain = createServer((_, response) => response.end()).listen(0, "127.0.0.1");
    await once(plain, "listening");
    const address = plain.address();
    const port = typeof address === "object" ? address?.port : 0;
    expect(await problem({ server: `https://127.0.0.1:${port}` })).to.include("speaks no TLS");
    plain.close();
    expect(await problem({ server: `http://localhost:${rig.port}` })).to.include("write https://");
  });

  it("says what is wrong with its settings", async () => {
    expect(await problem({ token: "a b" })).to.match(/^usage: .*SMARTCALL_TOKEN says is no token/);
    const missing = join(rig.folder, "missing.pem");
    expect(await problem({ trust: missing })).to.equal(`usage: ${missing} cannot be read.`);
    await writeFile(missing, "nonsense");
    expect(await problem({ trust: missing })).to.match(/^usage: .* has no certificate in PEM/);
    expect(await problem({ server: undefined })).to.match(/^notRunning: No mesh is running here/);
  });

  describe("beside a running mesh", () => {
    const run = (admin: string, more: object = {}) => ({
      pid: 1,
      mesh: "demo",
      meshFile: "mesh.yaml",
      url: "https://localhost",
      controlPlane: "127.0.0.1:2",
      admin,
      envoyAdmin: "127.0.0.1:3",
      ca: rig.caFile,
      ...more,
    });
    const here = (): Partial<ServerSettings> => ({
      server: undefined,
      trust: undefined,
      token: undefined,
      stateFolder: rig.folder,
    });

    it("needs no token where its pages are on loopback", async () => {
      writeRun(rig.folder, run("[::1]:9000"));
      expect(await findServer({ ...rig.settings, ...here() })).to.deep.equal({
        ok: true,
        server: {
          url: "http://[::1]:9000",
          token: undefined,
          trust: { kind: "public" },
          isHere: true,
        },
      });
      writeRun(rig.folder, run("127.0.0.1:1"));
      expect(await problem(here())).to.match(/^notRunning/);
    });

    it("mints one for itself where they are open to others", async () => {
      writeRun(rig.folder, run(`0.0.0.0:${rig.port}`));
      expect(await end(here())).to.equal("well");
      const [, payload = ""] = rig.asked[0]?.token.split(".") ?? [];
      const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString());
      expect(claims).to.include({ sub: "local", scope: "mesh:admin", iss: "smartcall:demo" });
    });

    it("trusts the very certificate that the mesh was started with, by any name", async () => {
      const adminCertificate = rig.certificateFile;
      writeRun(rig.folder, run(`127.0.0.1.example:1`, { adminCertificate }));
      const found = await findServer({ ...rig.settings, ...here() });
      if (!found.ok) throw new Error("not found");
      const server = { ...found.server, url: `https://127.0.0.1:${rig.port}` };
      expect((await getJson(server, "/agents", isAgentsAnswer)).ok).to.equal(true);
      const other = await startRig();
      await writeFile(rig.certificateFile, await readFile(other.certificateFile));
      await other.close();
      const wrong = await findServer({ ...rig.settings, ...here() });
      if (!wrong.ok) throw new Error("not found");
      const got = await getJson({ ...wrong.server, url: server.url }, "/agents", isAgentsAnswer);
      expect(got.ok ? "" : got.end.problems[0]).to.include("is not trusted");
    });
  });
});
