// A page in a real browser on the agent's machine, which would call hosts with the agent's key.
import { expect } from "chai";
import { startBrowser, type TestBrowser } from "../harness/browser.ts";
import { eventually } from "../harness/eventually.ts";
import { type EgressHosts, startEgressHosts } from "./egress-hosts.ts";

describe("the egress of a sidecar and a browser", function () {
  this.timeout(120_000);
  let hosts: EgressHosts;
  let browser: TestBrowser;

  before(async () => {
    hosts = await startEgressHosts();
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.stop();
    await hosts?.stop();
  });

  it("lets no page out: by an image, a form, a script, or a name of its own for this address", async () => {
    const page = await browser.open("evil");
    const { port, url } = hosts.sidecar;
    const rebound = `http://evil.localhost:${port}`;
    const answers = await page.evaluate(`
      (async () => {
        const asked = async (url, options) =>
          (await fetch(url, options).catch(() => undefined))?.status ?? 0;
        const image = new Image();
        const shown = new Promise((resolve) => { image.onload = image.onerror = resolve; });
        image.src = "${url}/openai/by-image";
        await shown;
        return [
          await asked("${url}/openai/by-script", { mode: "no-cors" }),
          await asked("${url}/openai/by-post", { mode: "no-cors", method: "POST", body: "{}" }),
          await asked("${url}/openai/by-cors", { headers: { "x-own": "1" } }),
          await asked("${rebound}/openai/by-name"),
          await asked("${rebound}/openai/by-name-post", { method: "POST", body: "{}" }),
        ];
      })()
    `);
    expect(answers).to.deep.equal([0, 0, 0, 0, 0]);
    const form = page.waitForURL(/by-form/);
    await page.evaluate(`
      const form = document.createElement("form");
      form.method = "post";
      form.action = "${url}/openai/by-form";
      document.body.append(form);
      form.submit();
    `);
    await form;
    expect(await page.content()).to.contain("NOT_ALLOWED");
    await page.goto(`${url}/openai/by-address`);
    expect(await page.content()).to.contain("NOT_ALLOWED");
    // All of them came as far as the sidecar, but for what the browser itself asks about first.
    await eventually(() => {
      const said = hosts.sidecar.output();
      for (const way of ["image", "script", "post", "name", "name-post", "form", "address"]) {
        expect(said, way).to.contain(`"path":"/openai/by-${way}"`);
      }
    });
    expect(hosts.provider.requests).to.deep.equal([]);
  });
});
