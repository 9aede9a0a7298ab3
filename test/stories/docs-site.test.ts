// `make docs`: the site is built, all of its links lead somewhere, and a real browser reads it.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { root } from "../checks/repository.ts";
import { startBrowser, type TestBrowser } from "../harness/browser.ts";
import { fileOf, type Site, serveSite } from "../harness/site.ts";
import { run } from "../harness/smartcall.ts";

describe("the site of the docs", function () {
  this.timeout(120_000);
  const { screenshots } = process.env;
  let folder = "";
  let site: Site;
  let browser: TestBrowser;
  let page: Page;
  const asked: string[] = [];
  const complaints: string[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "smartcall-docs-"));
    const vitepress = join(root, "node_modules", ".bin", "vitepress");
    const args = ["build", "docs", "--outDir", folder];
    const { NODE_V8_COVERAGE: _, ...env } = process.env;
    const { code, output } = await run(vitepress, args, { cwd: root, env });
    expect(code, output).to.equal(0);
    site = await serveSite(folder);
    browser = await startBrowser();
    page = await browser.open("reader");
    page.on("request", (request) => asked.push(new URL(request.url()).origin));
    page.on("console", (said) => {
      if (["error", "warning"].includes(said.type())) complaints.push(said.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
  });
  after(async () => {
    await browser?.stop();
    await site?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("has no link to nowhere, in the middle of a page neither", () => {
    const pages = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".html") && !/^examples|^404/.test(path))
      .map((path) => ({ path, text: readFileSync(join(folder, path), "utf8") }));
    const links = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/<a [^>]*?href="([^"]*)"/g)].map(([, to = ""]) => ({ path, to })),
    );
    expect(links.length).to.be.greaterThan(1_000);
    const dead = links.filter(({ path, to }) => {
      const { origin, pathname, hash } = new URL(to, `http://site/${path}`);
      if (origin !== "http://site") return false;
      const file = fileOf(folder, pathname);
      const id = decodeURIComponent(hash.slice(1));
      return (
        file === undefined || (id !== "" && !readFileSync(file, "utf8").includes(`id="${id}"`))
      );
    });
    expect(dead.map(({ path, to }) => `${path}: ${to}`)).to.deep.equal([]);
  });

  it("begins with the first call", async () => {
    await page.goto(site.url);
    await expectHeading("Smart Call");
    await page.locator("#first-call").waitFor();
    await look("front");
  });

  it("leads to every page by its sidebar", async () => {
    await page.click(".VPSidebar >> text=Budgets");
    await expectHeading("Budgets");
    expect(new URL(page.url()).pathname).to.equal("/budgets.html");
    await look("budgets");
  });

  it("finds a word, asking nobody else", async () => {
    await page.keyboard.press("Control+k");
    await page.fill(".VPLocalSearchBox input", "revoke subject");
    await page.locator(".VPLocalSearchBox .result").first().waitFor();
    await look("search");
    await page.locator(".VPLocalSearchBox .result", { hasText: "Revocation" }).first().click();
    await expectHeading("Identity: tokens, keys, revocation");
    expect(new Set(asked)).to.deep.equal(new Set([new URL(site.url).origin]));
  });

  it("fits a narrow screen, and is dark for who likes it so", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: "dark" });
    for (const path of ["/", "/resilience.html", "/mesh-yaml.html", "/threat-model.html"]) {
      await page.goto(`${site.url}${path}`);
      const wider = "document.documentElement.scrollWidth > window.innerWidth";
      expect(await page.evaluate(wider), path).to.equal(false);
      expect(await page.evaluate("document.documentElement.classList.contains('dark')")).to.equal(
        true,
      );
      await look(`narrow${path.replaceAll("/", "-")}`);
    }
  });

  it("makes no browser complain", () => {
    expect(complaints).to.deep.equal([]);
  });

  it("shows files that are no pages as they are", async () => {
    await page.goto(`${site.url}/call-an-agent.html`);
    await page.click(".vp-doc >> text=agent.proto");
    await page.getByText('syntax = "proto3"').waitFor();
    await page.goto(`${site.url}/websocket.html`);
    await page.click(".vp-doc >> text=examples/websocket.html");
    await page.getByText("Talk to an agent").first().waitFor();
  });

  async function expectHeading(text: string): Promise<void> {
    await page.locator("h1", { hasText: text }).first().waitFor();
  }

  async function look(name: string): Promise<void> {
    if (screenshots !== undefined)
      await page.screenshot({ path: join(screenshots, `${name}.png`) });
  }
});
