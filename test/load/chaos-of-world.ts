// Scenarios of chaos in the mesh that other tests change under load: agents, sidecars and the control plane are killed.
import { lateMs } from "../agents/late.ts";
import { eventually } from "../harness/eventually.ts";
import { restartControlPlane } from "../loss-free/change-control-plane.ts";
import { killOldest, killSidecar } from "../loss-free/change-instances.ts";
import type { Changing } from "../loss-free/kinds.ts";
import { startStreams } from "../loss-free/streams.ts";
import { startWorld } from "../loss-free/world.ts";
import { chaos } from "./chaos.ts";
import type { Allowed } from "./chaos-allowed.ts";
import type { Scenario } from "./scenario.ts";

/** How many streams are open meanwhile, and as many WebSockets. */
const streamCount = 5;
const perSecond = 60;
const usualSeconds = 30;
/** What an answer of `late` takes: so an instance that is killed has begun some. */
const workMs = 300;
/** Longer than any retry, shorter than a gateway waits for what never comes. */
const slowestMs = 8_000;
/** Streams say something every 100 ms. */
const longestWaitMs = 3_000;

interface Kill {
  readonly shows: string;
  readonly done: string;
  readonly change: (changing: Changing) => Promise<void>;
  /** What may become of calls of `plain`, which are not tried again once they have begun. */
  readonly mayFail: readonly Allowed[];
}

/** What an instance had begun when it was killed, of a route that is not marked for another try. */
const begunThere: Allowed = {
  agent: "plain",
  how: /"reason":"AGENT_UNAVAILABLE"|14 UNAVAILABLE.* AGENT_UNAVAILABLE$/,
  least: 0.002,
  most: 0.05,
};

export const chaosAgents = killing({
  shows: "instances of an agent are killed; only what one had begun of an unmarked route fails",
  done: "An instance was killed, and another took its place,",
  change: killOldest,
  mayFail: [begunThere],
});

export const chaosSidecars = killing({
  shows: "sidecars are killed; only what one had begun of an unmarked route fails",
  done: "The sidecar of an instance was killed, and started again by its agent,",
  change: killSidecar,
  mayFail: [begunThere],
});

export const chaosControlPlane = killing({
  shows: "the control plane is killed; nothing fails",
  done: "The control plane was killed, and started again,",
  change: restartControlPlane,
  mayFail: [],
});

function killing({ shows, done, change, mayFail }: Kill): Scenario {
  return {
    shows,
    async run({ seconds = usualSeconds }) {
      const world = await startWorld({ [lateMs]: String(workMs) });
      try {
        const { mesh } = world;
        const token = await mesh.token();
        await world.save({
          agents: { plain: {} },
          routes: { plain: { match: { agent: "plain" }, to: "late" } },
        });
        await world.callable("plain", token);
        const streams = startStreams(mesh, { count: streamCount, agents: ["counting"], token });
        await eventually(async () => {
          if (streams.open() < streamCount) throw new Error(`${streams.open()} streams are open`);
        });
        const outcome = await chaos({
          mesh,
          token,
          agents: ["echo", "late", "plain", "plain"],
          perSecond,
          seconds,
          hurt: (time) =>
            change({ world, time, callAs: () => Promise.resolve(), obeyed: () => undefined }),
          mayFail,
          slowestMs,
          done: (times) => `${done} ${times} times`,
        });
        const streamed = await streams.finish();
        const wait = {
          what: `longest wait for an event of ${2 * streamCount} streams`,
          is: `${Math.round(streamed.longestWaitMs)} ms`,
          asked: `under ${longestWaitMs} ms`,
          met: streamed.longestWaitMs < longestWaitMs,
        };
        return {
          ...outcome,
          figures: [...outcome.figures, wait],
          failures: [...outcome.failures, ...streamed.broken],
        };
      } finally {
        await world.stop();
      }
    },
  };
}
