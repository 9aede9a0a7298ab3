// Keys are made, rotated and revoked while calls run at two gateways, and nobody else notices.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { claimsOf, headOf } from "../edge/foreign-issuer.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { expectRefusal } from "../harness/expect-refusal.ts";
import { listAt, textAt } from "../harness/json.ts";
import { type Load, startLoad } from "../harness/load.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { freePorts } from "../harness/ports.ts";
import { processMarked } from "../harness/processes.ts";
import { expectInTime } from "../harness/promised.ts";
import { asking, callRest, type RestReply } from "../harness/rest.ts";
import { type Ended, smartcall, smartcallBin } from "../harness/smartcall.ts";

/** A control plane starts, and gateways find it again. */
const afterAKill = { withinMs: 40_000, everyMs: 200 } as const;

describe("who may call a running mesh", function () {
  this.timeout(120_000);
  let mesh: Mesh;
  let second: Child | undefined;
  let url = "";
  let loads: readonly Load[] = [];

  before(async () => {
    mesh = await startMesh();
    const [port = 0] = await freePorts(1);
    url = `https://localhost:${port}`;
    second = await startSecond(port);
  });
  after(async () => {
    if (second !== undefined) await endGroup(second);
    await mesh.stop();
  });
  const startSecond = async (port: number): Promise<Child> => {
    const command = [smartcallBin, "gateway", "--name", "g2", "--https-port", `${port}`];
    const child = startChild(process.execPath, command, { cwd: root, env: mesh.env });
    await child.says("The gateway g2 serves");
    return child;
  };
  const cli = (...args: readonly string[]): Promise<Ended> =>
    smartcall(args, { cwd: mesh.folder, env: mesh.env });
  const key = async (...args: readonly string[]): Promise<unknown> => {
    const { code, output } = await cli("key", ...args, "--json");
    expect(code, output).to.equal(0);
    return JSON.parse(output.split("\n")[0] ?? "");
  };
  const call = (at: string, headers: Readonly<Record<string, string>>): Promise<RestReply> =>
    callRest(
      { ...mesh, url: at },
      { path: "/v1/agents/echo:invoke", body: asking("Hello"), headers },
    );
  const both = (): readonly string[] => [mesh.url, url];
  const load = async (): Promise<void> => {
    loads = await Promise.all(both().map((each) => startLoad({ ...mesh, url: each }, 20)));
  };
  const expectNoneLost = async (): Promise<void> => {
    for (const { calls, failures } of await Promise.all(loads.map((each) => each.stop()))) {
      expect(failures).to.deep.equal([]);
      expect(calls).to.be.greaterThan(0);
    }
  };
  const entries = (): readonly unknown[] =>
    readFileSync(join(mesh.stateFolder, "audit.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));

  it("a key is shown once, calls as a bearer's token and as x-api-key, and is listed", async () => {
    const made = await key("create", "--subject", "billing", "--expires", "30d");
    const [token, id] = [textAt(made, "token"), textAt(made, "id")];
    for (const at of both()) {
      expect((await call(at, { authorization: `Bearer ${token}` })).status).to.equal(200);
      expect((await call(at, { "x-api-key": token })).status).to.equal(200);
    }
    const { output } = await cli("key", "list");
    expect(output).to.match(new RegExp(`${id} +billing +agents:invoke .* good`));
    expect(output).to.match(/ES256 .* signs/);
    const secret = token.slice(-40);
    expect(output).to.not.include(secret);
    for (const file of ["api-keys.json", "audit.jsonl", "logs/control-plane.log"]) {
      expect(readFileSync(join(mesh.stateFolder, file), "utf8"), file).to.not.include(secret);
    }
  });

  it("what is revoked is refused at both gateways within two seconds, and no other call fails", async () => {
    const made = await Promise.all(
      ["ann", "bob", "bob"].map((subject) => key("create", "--subject", subject)),
    );
    const [ann = "", bob = "", alsoBob = ""] = made.map((each) => textAt(each, "token"));
    await load();
    /** From the operator's word until both gateways refuse the token, in milliseconds. */
    const refusedAfter = async (token: string, what: object): Promise<number> => {
      const begin = performance.now();
      const revoked = fetch(`${mesh.admin}/revocations`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(what),
      });
      await Promise.all(
        both().map((at) =>
          eventually(async () => {
            const reply = await call(at, { authorization: `Bearer ${token}` });
            expectRefusal(reply, 401, "UNAUTHENTICATED", "TOKEN_REVOKED");
          }),
        ),
      );
      const took = performance.now() - begin;
      const answer: unknown = await (await revoked).json();
      expect(listAt(answer, "gateways", "holds")).to.deep.equal(["edge", "g2"]);
      return took;
    };
    const refusedMs = await refusedAfter(ann, { id: textAt(made[0], "id") });
    expectInTime("until both gateways refuse the token", refusedMs, 2_000);
    expect((await call(url, { "x-api-key": ann })).status).to.equal(401);
    expect((await call(url, { "x-api-key": bob })).status).to.equal(200);
    // Once the command has ended well, it holds at each.
    expect((await cli("key", "revoke", "--subject", "bob")).code).to.equal(0);
    for (const at of both()) expect((await call(at, { "x-api-key": bob })).status).to.equal(401);
    expect((await call(mesh.url, { "x-api-key": alsoBob })).status).to.equal(401);
    expect((await cli("key", "restore", "--subject", "bob")).code).to.equal(0);
    for (const at of both()) expect((await call(at, { "x-api-key": bob })).status).to.equal(200);
    await expectNoneLost();
    const about = entries().map((entry) => textAt(entry, "about"));
    expect(about).to.include(`token ${textAt(made[0], "id")} revoked`);
    expect(about).to.include("subject bob revoked").and.include("subject bob restored");
  });

  it("a rotation fails no call: of old tokens, of new ones, at either gateway", async () => {
    const old = await mesh.token({ subject: "old" });
    await load();
    const known = new Set<string>();
    for (const algorithm of ["RS256", "ES256"]) {
      await key("rotate", "--algorithm", algorithm);
      await eventually(
        async () => {
          const fresh = textAt(
            await key("create", "--subject", "fresh", "--expires", "1h"),
            "token",
          );
          const kid = textAt(headOf(fresh), "kid");
          for (const at of both()) {
            expect((await call(at, { authorization: `Bearer ${fresh}` })).status).to.equal(200);
            expect((await call(at, { authorization: `Bearer ${old}` })).status).to.equal(200);
            const { json } = await callRest(
              { ...mesh, url: at },
              { method: "GET", path: "/.well-known/jwks.json" },
            );
            expect(listAt(json, "keys").map((each) => textAt(each, "kid"))).to.include(kid);
          }
          expect(textAt(headOf(fresh), "alg")).to.equal(algorithm);
          known.add(kid);
        },
        { withinMs: 40_000, everyMs: 1_500 },
      );
    }
    await expectNoneLost();
    expect(known.size).to.equal(2);
    const page: unknown = await (await fetch(`${mesh.admin}/.well-known/jwks.json`)).json();
    expect(listAt(page, "keys")).to.have.length(3);
    const rotations = entries().filter((entry) => textAt(entry, "what") === "signing keys");
    expect(rotations.map((entry) => textAt(entry, "who"))).to.deep.equal(["local", "local"]);
  });

  it("a gateway that is cut off is shown so, and what does not hold there", async () => {
    if (second === undefined) return expect.fail("there is no second gateway");
    // It hangs: its connection is there, and nobody answers on it.
    process.kill(processMarked(mesh.mark, /^\S*envoy .*g2/), "SIGSTOP");
    const unheard = await cli("key", "revoke", "--subject", "cut2");
    expect(unheard.code).to.equal(1);
    expect(unheard.output).to.match(/gateway g2 has not taken this/);
    expect((await cli("nodes")).output).to.match(/g2 is behind: 1 revocation does NOT hold there/);
    // Another control plane, which never heard of it, knows what it took last.
    process.kill(processMarked(mesh.mark, /control-plane\/dist\/(bundle\/)?main\.js/), "SIGKILL");
    await eventually(async () => {
      const { output } = await cli("nodes");
      expect(output).to.match(/^edge \(Envoy/m);
      expect(output).to.match(/g2 is CUT OFF for .*: it serves what it had/);
      expect(output).to.match(/1 revocation does NOT hold there/);
    }, afterAKill);
    await endGroup(second);
    second = undefined;
    const revoked = await cli("key", "revoke", "--subject", "carol");
    expect(revoked.code).to.equal(1);
    expect(revoked.output).to.match(/gateway g2 is cut off and has not taken this/);
    expect((await cli("nodes")).output).to.match(/2 revocations do NOT hold there/);
    const refused = await cli("nodes", "--forget", "edge");
    expect(refused.code).to.equal(1);
    expect((await cli("nodes", "--forget", "g2")).code).to.equal(0);
    expect((await cli("nodes")).output).to.not.include("CUT OFF");
  });

  it("what was revoked stays so when the control plane is killed", async () => {
    const token = textAt(await key("create", "--subject", "dave"), "token");
    await key("revoke", textAt(claimsOf(token), "jti"));
    const before = processMarked(mesh.mark, /control-plane\/dist\/(bundle\/)?main\.js/);
    process.kill(before, "SIGKILL");
    await eventually(async () => {
      expect(processMarked(mesh.mark, /control-plane\/dist\/(bundle\/)?main\.js/)).to.not.equal(
        before,
      );
      const page: unknown = await (await fetch(`${mesh.admin}/nodes`)).json();
      const edge = listAt(page, "nodes").find((node) => textAt(node, "node") === "edge");
      expect(textAt(edge, "streams", 0, "types", "extension", "state")).to.equal("SYNCED");
    }, afterAKill);
    // Something else is pushed after it, so the gateway has what the new process knows.
    await key("rotate");
    const reply = await call(mesh.url, { "x-api-key": token });
    expectRefusal(reply, 401, "UNAUTHENTICATED", "TOKEN_REVOKED");
    expect((await cli("key", "list")).output).to.match(/dave .* revoked/);
  });
});
