import { writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { parseObject } from "@smartcall/runtime";
import { expect } from "chai";
import { json, type Rig, startRig } from "../remote/rig.test.ts";
import { type Ran, runProgram } from "../run-program.test.ts";

const served = "mesh: demo\nagents: { echo: {}, poet: {} }\n";
const other = `${served}routes:\n  - { name: slow, match: { agent: echo }, timeout: 1h }\n`;

describe("smartcall diff", function () {
  this.timeout(20_000);
  let rig: Rig;

  before(async () => {
    rig = await startRig();
  });
  beforeEach(() => {
    rig.answer = pages(served);
  });
  after(() => rig.close());

  const diff = async (text: string, ...args: readonly string[]): Promise<Ran> => {
    await writeFile(join(rig.folder, "mesh.yaml"), text);
    const env = {
      SMARTCALL_SERVER: rig.url,
      SMARTCALL_TOKEN: "t.o.k",
      SMARTCALL_CA: rig.caFile,
    };
    return await runProgram(["diff", "mesh.yaml", ...args], { cwd: rig.folder, env });
  };

  it("says that nothing changes, or what does and for which gateways", async () => {
    expect(await diff(`# Hello.\n${served}`)).to.deep.equal({
      code: 0,
      out: `mesh.yaml changes nothing: it means what ${rig.url} serves.\n`,
      err: "",
    });
    const { code, out } = await diff(other);
    expect(code).to.equal(0);
    expect(out).to.include("+ route slow (mesh.yaml:4)\n    calls to echo → echo;");
    expect(out).to.include("For Envoy: 1 table of routes changed.\n2 gateways get it: edge, g2.");
  });

  it("ends with 1 where something differs only when asked to", async () => {
    expect((await diff(served, "--exit-code")).code).to.equal(0);
    const { code, err, out } = await diff(other, "--exit-code", "--json");
    expect({ code, err }).to.deep.equal({ code: 1, err: "" });
    expect(parseObject(out)).to.deep.include({
      same: false,
      cutsStreams: false,
      agents: [],
      routes: [
        {
          name: "slow",
          after: {
            name: "slow",
            match: { agent: "echo", headers: {}, claims: {} },
            to: [{ agent: "echo", weight: 1 }],
            allow: { kind: "callers", scopes: ["agents:invoke"] },
            timeoutMs: 3_600_000,
            at: { file: "mesh.yaml", line: 4, column: 5 },
          },
        },
        {
          name: "default:echo",
          before: {
            name: "default:echo",
            match: { agent: "echo", headers: {}, claims: {} },
            to: [{ agent: "echo", weight: 1 }],
            allow: { kind: "callers", scopes: ["agents:invoke"] },
            timeoutMs: 300_000,
            at: { file: "/served/mesh.yaml", line: 2, column: 11 },
          },
        },
      ],
      envoy: { route: { added: [], changed: ["edge"], removed: [] } },
      gateways: ["edge", "g2"],
    });
  });

  it("says what keeps it from comparing", async () => {
    expect((await diff("mesh: 1\n")).err).to.match(/^mesh\.yaml:1:1 error SC203/);
    rig.answer = pages(undefined);
    expect((await diff(served)).err).to.include("serves nothing yet");
    rig.answer = pages("mesh: demo\nagents: { echo: { later: 1 } }\n");
    const { code, err } = await diff(served);
    expect(code).to.equal(1);
    expect(err).to.include("cannot be read by this version").and.include("/served/mesh.yaml:2:");
  });
});

function pages(text: string | undefined): RequestListener {
  const files = text === undefined ? [] : [{ name: "/served/mesh.yaml", text }];
  const nodes = ["g2", "edge"].map((node) => ({ node, streams: [] }));
  return (request, response) =>
    json(request.url === "/nodes" ? { nodes } : { files })(request, response);
}
