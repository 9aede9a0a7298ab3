// SSE: streams by server-sent events, read event by event.
import { startMesh } from "../harness/mesh.ts";
import { asking } from "../harness/rest.ts";
import { attachAgents } from "./attach-agents.ts";
import { roleFigures } from "./role-figures.ts";
import type { Scenario } from "./scenario.ts";
import { readStreams } from "./sse-client.ts";
import { sseFigures } from "./sse-figures.ts";
import { watchUsage } from "./usage.ts";

const perSecond = 20;
const tokens = 50;
const paceMs = 20;

export const sse: Scenario = {
  shows: "Streams by server-sent events, read as they come: whole, at once, at the agent's pace.",
  async run({ seconds = 30 }) {
    const mesh = await startMesh({ services: [], listed: ["ticker"] });
    try {
      const attached = await attachAgents(mesh, ["ticker"]);
      try {
        const watch = watchUsage(mesh.mark);
        const body = asking(`${tokens} every ${paceMs}`);
        const result = await readStreams(mesh, {
          perSecond,
          seconds,
          ask: () => ({ body, tokens }),
        });
        const { figures, failures } = sseFigures(result, { firstMs: 100, tokenMs: paceMs * 2 });
        return {
          done: `${perSecond} streams a second for ${seconds} seconds, each of ${tokens} tokens, one every ${paceMs} ms.`,
          figures: [...figures, ...roleFigures(watch.stop())],
          failures,
        };
      } finally {
        await attached.stop();
      }
    } finally {
      await mesh.stop();
    }
  },
};
