import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  edgeToldBy,
  keyVariablesToldBy,
  tellEdge,
  tellKeyVariables,
  tellParent,
  toldBy,
} from "./tell-parent.ts";

describe("telling the parent", () => {
  it("reaches the process that started this one", async () => {
    const folder = mkdtempSync(join(tmpdir(), "smartcall-tell-"));
    const program = join(folder, "child.mjs");
    const module = new URL("./tell-parent.js", import.meta.url).href;
    const source = import.meta.url.endsWith(".ts") ? module.replace(/\.js$/, ".ts") : module;
    const edge = { mesh: "demo", address: "::1", port: 8443, certificate: "/m/gateway.pem" };
    writeFileSync(
      program,
      `import { tellEdge, tellKeyVariables, tellParent } from "${source}";
       tellParent("two\\nlines");
       tellEdge(${JSON.stringify(edge)});
       tellKeyVariables(["OPENAI_API_KEY"]);`,
    );
    const messages: unknown[] = [];
    const child = fork(program, { stdio: "ignore" }).on("message", (one) => messages.push(one));
    await once(child, "close");
    rmSync(folder, { recursive: true });
    expect(messages.map(toldBy)).to.deep.equal(["two\nlines", undefined, undefined]);
    expect(messages.map(edgeToldBy)).to.deep.equal([undefined, edge, undefined]);
    expect(messages.map(keyVariablesToldBy)).to.deep.equal([
      undefined,
      undefined,
      ["OPENAI_API_KEY"],
    ]);
  });

  it("is no error where nobody listens", () => {
    expect(() => tellParent("to nobody")).not.to.throw();
    const edge = { mesh: "demo", address: "::1", port: 8443 };
    expect(() => tellEdge(edge)).not.to.throw();
    expect(() => tellKeyVariables(["KEY"])).not.to.throw();
  });

  for (const message of [
    undefined,
    null,
    "text",
    1,
    {},
    { tell: 1 },
    { edge: { port: 1 } },
    { keyVariables: [1] },
  ]) {
    it(`is not what ${JSON.stringify(message)} says`, () => {
      expect(toldBy(message)).to.equal(undefined);
      expect(edgeToldBy(message)).to.equal(undefined);
      expect(keyVariablesToldBy(message) ?? []).to.deep.equal([]);
    });
  }
});
