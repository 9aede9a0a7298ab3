// A mesh under steady load and with open streams, while everything in it changes: nothing is lost.
import { expect } from "chai";
import { eventually, pause } from "../harness/eventually.ts";
import { startCalls } from "./calls.ts";
import { type Figures, figuresOf, printFigures } from "./figures.ts";
import { type Kind, kinds, type Times } from "./kinds.ts";
import type { Obeyed } from "./obeyed.ts";
import { startStreams } from "./streams.ts";
import { answerWithinS, countsOf } from "./watched-envoy.ts";
import { startWorld, type World } from "./world.ts";

const streamCount = 10;
/** How long calls go on after each change. */
const betweenMs = 250;
/** The longest that a call, or a stream's next event, may take. Stalls of xDS last 15 seconds. */
const longestMs = 8_000;

/** Calls a second, by REST and by gRPC, and how soon they are to obey. */
export interface Rate {
  readonly perSecond: number;
  /**
   * How many it is without which it proves nothing; where the machine is shared, its speed is
   * told and no failure.
   */
  readonly least: number;
  /**
   * The longest until calls obey what a gateway has ACKed, in milliseconds; a cluster that waits
   * in vain takes five seconds.
   */
  readonly longestStallMs: number;
}

/** One test for each kind of change, which is made so many times; prints the figures of each. */
export function losesNothing(times: Times, rate: Rate): void {
  describe(`A mesh that is called ${rate.perSecond} times a second, with ten streams open`, function () {
    this.timeout(1_200_000);
    let world: World;
    const rows: Figures[] = [];
    before(async () => {
      world = await startWorld();
    });
    after(async () => {
      printFigures(rows);
      await world?.stop();
    });

    const all: readonly [keyof Times, Kind][] = [
      ["routes", kinds.routes],
      ["clusters", kinds.clusters],
      ["instances", kinds.instances],
      ["kills", kinds.kills],
      ["rolls", kinds.rolls],
      ["sidecars", kinds.sidecars],
      ["weights", kinds.weights],
      ["restarts", kinds.restarts],
      ["certificateFiles", kinds.certificateFiles],
      ["devCertificates", kinds.devCertificates],
      ["signingKeys", kinds.signingKeys],
      ["issuerKeys", kinds.issuerKeys],
      ["limits", kinds.limits],
      ["agents", kinds.agents],
    ];
    for (const [key, kind] of all) {
      it(`loses nothing while ${kind.name}`, async () => {
        await watched(world, kind, { times: times[key], rate, rows });
      });
    }
  });
}

async function watched(
  world: World,
  kind: Kind,
  order: { readonly times: number; readonly rate: Rate; readonly rows: Figures[] },
): Promise<void> {
  const { rate, rows, times } = order;
  const { mesh } = world;
  await world.save({});
  const own = await mesh.token();
  let token = (): string => own;
  const streaming = kind.streaming ?? ["counting"];
  const streams = startStreams(mesh, { count: streamCount, agents: streaming, token: own });
  await eventually(() => expect(streams.open()).to.equal(streamCount));
  const before = await countsOf(mesh);
  const agents = ["echo", ...kind.called];
  const calls = startCalls(mesh, { perSecond: rate.perSecond, agents, token: () => token() });
  const ms: number[] = [];
  const obeyed: Obeyed[] = [];
  try {
    for (let time = 1; time <= times; time++) {
      const begin = performance.now();
      await kind.change({
        world,
        time,
        callAs: (next) => {
          token = next;
          return calls.settled();
        },
        obeyed: (each) => obeyed.push(each),
      });
      ms.push(performance.now() - begin);
      await pause(betweenMs);
    }
  } catch (error) {
    await Promise.all([calls.stop(), streams.finish()]);
    throw error;
  }
  expect(streams.open(), "streams that are still open").to.equal(streamCount);
  const called = await calls.stop();
  const streamed = await streams.finish();
  const after = await countsOf(mesh);
  const figures = figuresOf(kind.name, { ms, obeyed }, called, streamed);
  rows.push(figures);

  const { failures } = called;
  expect(failures.slice(0, 10), `${failures.length} failed`).to.deep.equal([]);
  expect(streamed.broken).to.deep.equal([]);
  expect(after.listeners, "listeners that changed").to.equal(before.listeners);
  expect(after.refused, "refused by Envoy").to.equal(before.refused);
  expect([before.nacks, after.nacks], "refused by gateways and sidecars").to.deep.equal([0, 0]);
  expect([...before.refusing, ...after.refusing], "what a node refuses").to.deep.equal([]);
  expect(after.late, `answered after ${answerWithinS} s`).to.be.at.most(before.late);
  expect(figures.longestObeyedMs ?? 0, "from a save until calls obey").to.be.lessThan(longestMs);
  const stalls = obeyed.map(({ servedMs }) => servedMs);
  expect(Math.max(0, ...stalls), "from the ACK until calls obey").to.be.lessThan(
    rate.longestStallMs,
  );
  expect(figures.slowestMs, "the slowest call").to.be.lessThan(longestMs);
  expect(streamed.longestWaitMs, "the longest wait for an event").to.be.lessThan(longestMs);
  expect(called.perSecond, "calls a second").to.be.at.least(rate.least);
}
