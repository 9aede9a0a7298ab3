// The shared cases of the SDKs, by the TypeScript SDK, through the real Envoy.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, ConnectionFailed } from "@smartcall/client";
import { expect } from "chai";
import { root } from "../../checks/repository.ts";
import { listAt, textAt } from "../../harness/json.ts";
import { run } from "../../harness/smartcall.ts";
import { type SdkMesh, startSdkMesh } from "../start-mesh.ts";
import { problemsOf } from "./outcome.ts";

const program = fileURLToPath(new URL("run-cases.js", import.meta.url));

describe("the TypeScript SDK", function () {
  this.timeout(240_000);
  let sdk: SdkMesh;
  const results = new Map<string, readonly unknown[]>();

  before(async () => {
    sdk = await startSdkMesh();
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: sdk.told.ca };
    const { code, output } = await run(process.execPath, [program, JSON.stringify(sdk.told)], {
      cwd: sdk.told.folder,
      env,
    });
    expect(code, output).to.equal(0);
    for (const line of output.split("\n").filter((each) => each.startsWith("{"))) {
      const result: unknown = JSON.parse(line);
      results.set(textAt(result, "name"), listAt(result, "problems"));
    }
  });
  after(() => sdk.stop());

  const file: unknown = JSON.parse(readFileSync(join(root, "sdk", "cases.json"), "utf8"));
  for (const one of listAt(file, "cases")) {
    const name = textAt(one, "name");
    it(name, () => {
      expect(results.get(name)).to.deep.equal([]);
    });
  }

  it("does not talk to a gateway whose certificate it does not trust, by both doors", async () => {
    const agent = new Client({ url: sdk.told.url, token: sdk.told.tokens.user }).agent("scripted");
    for (const act of [() => agent.invoke("x"), () => agent.converse()]) {
      const thrown: unknown = await act().catch((error: unknown) => error);
      expect(thrown).to.be.instanceOf(ConnectionFailed);
      expect(thrown).to.include({ retryable: false });
      expect(thrown).to.have.property("message").that.includes("NODE_EXTRA_CA_CERTS");
    }
  });
});

describe("what a shared case expects", () => {
  it("is a problem where it is not so, or where nobody knows what it is", () => {
    const error = { kind: "X", reason: "R", status: 1, retryable: true, message: "m" } as const;
    const rest = { retryAfterMs: undefined, textSoFar: "", fields: [], requestId: "", told: true };
    const outcome = { text: "a", pieces: ["a"], error: { ...error, ...rest } };
    const wrong: readonly (readonly [unknown, number])[] = [
      [{ text: "a" }, 2],
      [{ text: "b", error: { kind: "X" } }, 2],
      [{ error: { kind: "Y", status: 2, message: "n", retryAfterMsAtLeast: 1 } }, 5],
      [{ error: { kind: "X" }, pieces: [], usage: {}, finishReason: "stop", agents: [] }, 5],
      [{ error: { kind: "X", news: 1 }, news: 1, agent: { name: "a" } }, 4],
      [{ error: {}, conversations: [[{ text: "a" }]] }, 2],
      [{ error: {}, text: { repeat: "b", times: 1 } }, 2],
    ];
    for (const [expected, count] of wrong) {
      expect(problemsOf(expected, outcome), JSON.stringify(expected)).to.have.length(count);
    }
    expect(problemsOf({ error: { kind: "X" } }, { text: "a" })).to.have.length(1);
  });
});
