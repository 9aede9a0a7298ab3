// The guide for web pages, followed: its lines of mesh.yaml, its program, in a real browser.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../../checks/repository.ts";
import { startBrowser, type TestBrowser } from "../../harness/browser.ts";
import { eventually } from "../../harness/eventually.ts";
import { type Mesh, startMesh } from "../../harness/mesh.ts";

describe("the guide for web pages", function () {
  this.timeout(90_000);
  let browser: TestBrowser;
  let mesh: Mesh;
  before(async () => {
    browser = await startBrowser();
    mesh = await startMesh({ services: ["echo"] });
  });
  after(async () => {
    await browser?.stop();
    await mesh?.stop();
  });

  const guide = readFileSync(join(root, "docs", "web-pages.md"), "utf8");
  const block = (language: string): string =>
    new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(guide)?.[1] ?? "";

  it("lets a page ask, as soon as the file is saved, and read the answer as it comes", async () => {
    const page = await browser.open("app");
    const [url, token] = [JSON.stringify(mesh.url), JSON.stringify(await mesh.token())];
    const program = `(async () => {
      ${block("js")}
      const words = [];
      const reason = await ask(${url}, ${token}, "one two three", (word) => words.push(word));
      return [reason, words.join("")];
    })()`;
    const before = await page.evaluate(program).catch((error: unknown) => String(error));
    expect(before).to.contain("Failed to fetch");

    const [, cors = ""] = /( *cors: .*)/.exec(block("yaml")) ?? [];
    expect(cors).to.contain("https://app.example.com");
    const written = readFileSync(mesh.meshFile, "utf8");
    const line = cors.replace("https://app.example.com", browser.originOf("app"));
    writeFileSync(mesh.meshFile, written.replace("gateway:\n", `gateway:\n${line}\n`));

    await eventually(async () => {
      expect(await page.evaluate(program)).to.deep.equal(["stop", "one two three"]);
    });
  });
});
