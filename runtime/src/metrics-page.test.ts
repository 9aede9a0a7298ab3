// The page that Prometheus reads.

import { expect } from "chai";
import { startMetricsPage } from "./metrics-page.ts";

describe("the metrics page", () => {
  it("shows the registry at /metrics, and nothing anywhere else", async () => {
    const registry = {
      contentType: "text/plain; version=1",
      metrics: async () => "verses_total 3",
    };
    const page = await startMetricsPage(registry);
    try {
      const shown = await fetch(page.url);
      expect(await shown.text()).to.include("verses_total 3");
      expect(shown.headers.get("content-type")).to.equal(registry.contentType);
      expect((await fetch(new URL("/", page.url))).status).to.equal(404);
      expect((await fetch(page.url, { method: "POST" })).status).to.equal(404);
    } finally {
      page.close();
    }
    expect(await fetch(page.url).catch(() => "closed")).to.equal("closed");
  });
});
