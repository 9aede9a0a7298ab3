import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { emptySnapshot } from "../snapshot/compare.ts";
import { viewOf } from "../snapshot/view.ts";
import { startBackend } from "./envoy-sketch.test.ts";
import { freePort, startEnvoy } from "./running-envoy.test.ts";
import { startXds, until } from "./scripted-client.test.ts";
import { goodGuard, makePair, secureCall, snapshotOfSecureWorld } from "./secure-sketch.test.ts";

describe("a start with one type that is silent", () => {
  it("A57 waits for a certificate however long it takes, and serves once it is there", async () => {
    let silent = true;
    const running = await startXds({
      viewFor: (_, view) =>
        silent
          ? viewOf({ ...view.snapshot, secret: emptySnapshot.secret }, view, () => ({}))
          : view,
    });
    const backend = await startBackend("one");
    const port = await freePort();
    const envoy = await startEnvoy(running.port, "edge-1", "sotw");
    try {
      const pair = await makePair("first");
      const world = { listenOn: port, clusters: { one: [backend.port] }, to: "one" };
      const secure = { ...world, pair, guard: goodGuard };
      running.xds.publish(snapshotOfSecureWorld(secure), "test");
      await until(() =>
        running.events.some((event) => event.kind === "acked" && event.type === "listener"),
      );
      // Longer than a patience of one second would last.
      await pause(2_000);
      expect(await secureCall(port)).to.include("ECONNREFUSED");
      silent = false;
      const changed = snapshotOfSecureWorld({ ...secure, connectSeconds: 2 });
      const published = running.xds.publish(changed, "test");
      if (published.ok) await running.xds.acked(published.generation, 10_000);
      const end = Date.now() + 10_000;
      for (let got = ""; got !== "one as first"; ) {
        if (Date.now() > end) throw new Error(`it does not serve: ${got}`);
        got = await secureCall(port);
      }
    } finally {
      await envoy.stop();
      running.stop();
      backend.stop();
    }
  }).timeout(40_000);
});
