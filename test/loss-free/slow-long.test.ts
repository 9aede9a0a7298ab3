// Half of an agent's instances turn slow, under load: how long calls take then, and afterwards.
import { loadavg } from "node:os";
import { expect } from "chai";
import { envoyStat } from "../harness/envoy-stats.ts";
import { eventually, pause } from "../harness/eventually.ts";
import { percentile } from "../harness/percentile.ts";
import { type CallsResult, startCalls } from "./calls.ts";
import { startStreams } from "./streams.ts";
import { startWorld, type World } from "./world.ts";

const perTryMs = 1_000;
const ejected = "cluster.worker.outlier_detection.ejections_active";
/** Tries that were given up as too slow. */
const givenUp = "cluster.worker.upstream_rq_per_try_timeout";

describe("an agent half of whose instances turn slow", function () {
  this.timeout(180_000);
  let world: World;
  before(async () => {
    world = await startWorld();
    const retry = { attempts: 2, on: ["unavailable", "reset", "slow"], perTry: `${perTryMs}ms` };
    await world.save({
      agents: { worker: { ejection: { failures: 3, for: "30s", most: 60 } } },
      routes: { worker: { match: { agent: "worker" }, timeout: "10s", retry } },
    });
    for (let count = 0; count < 4; count += 1) world.attach("worker");
    await eventually(async () => expect(await world.held("worker")).to.equal(4), {
      withinMs: 20_000,
    });
    await world.callable("worker");
  });
  after(() => world?.stop());

  it("is as quick as a try may take at once, and as before once they are left alone; no call fails", async () => {
    const { mesh } = world;
    const token = await mesh.token();
    const streams = startStreams(mesh, { count: 10, agents: ["counting"], token });
    await eventually(() => expect(streams.open()).to.equal(10));
    const phase = async (until: () => Promise<void>): Promise<CallsResult> => {
      const to = { perSecond: 220, agents: ["worker", "echo"], token: () => token };
      const calls = startCalls(mesh, to);
      await until();
      return calls.stop();
    };
    await phase(() => pause(2_000));
    const before = await phase(() => pause(4_000));
    for (const { pid } of world.running("worker").slice(0, 2)) process.kill(pid, "SIGUSR2");
    const slowAt = performance.now();
    let leftAloneMs = 0;
    const during = await phase(async () => {
      await eventually(async () => expect(await envoyStat(mesh, ejected)).to.equal(2), {
        withinMs: 25_000,
        everyMs: 100,
      });
      leftAloneMs = performance.now() - slowAt;
    });
    const givenUpBefore = await envoyStat(mesh, givenUp);
    const after = await phase(() => pause(4_000));
    const givenUpAfter = (await envoyStat(mesh, givenUp)) - givenUpBefore;
    const { broken } = await streams.finish();
    const figures = [before, during, after].map(({ ms }) => Math.round(percentile(ms, 0.99)));
    console.log(
      `      p99 ${figures.join(", ")} ms before, while they are slow, and afterwards; ` +
        `both are left alone after ${Math.round(leftAloneMs)} ms; ` +
        `${[before, during, after].map(({ perSecond }) => Math.round(perSecond)).join(", ")} calls/s; ` +
        `load average ${loadavg()[0]?.toFixed(1)}`,
    );
    for (const { failures, perSecond } of [before, during, after]) {
      expect(failures).to.deep.equal([]);
      expect(perSecond).to.be.at.least(200);
    }
    expect(broken).to.deep.equal([]);
    const [quick = Number.NaN, slow = Number.NaN, again = Number.NaN] = figures;
    // Two tries may meet a slow one each, before the third is answered; a slow answer takes 3 seconds.
    expect(slow).to.be.within(perTryMs, 2 * perTryMs + 900);
    // As quick as before: hardly one had to wait for a try that is too slow.
    expect(givenUpBefore).to.be.at.least(6);
    expect(givenUpAfter).to.be.at.most(after.ms.length / 100);
    expect(again).to.be.lessThan(Math.max(2 * quick, 250));
  });
});
