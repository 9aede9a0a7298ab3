// The scenario `chaos-faults`: one of two instances answers late, or not at all, by the fault filter of an Envoy before it.
import { startStaticEnvoy } from "../bench/static-envoy.ts";
import { listAt } from "../harness/json.ts";
import { startWorld } from "../loss-free/world.ts";
import { chaos } from "./chaos.ts";
import type { Scenario } from "./scenario.ts";

const perSecond = 40;
const usualSeconds = 30;
/** Of the calls that meet the faulty instance, in percent. */
const aborted = 30;
const delayed = 30;
const delayMs = 1_500;
/** Shorter than the delay. */
const perTryMs = 1_000;

const fault = {
  name: "fault",
  typed_config: {
    "@type": "type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault",
    abort: { http_status: 503, percentage: { numerator: aborted, denominator: "HUNDRED" } },
    delay: {
      fixed_delay: `${delayMs / 1_000}s`,
      percentage: { numerator: delayed, denominator: "HUNDRED" },
    },
  },
};

export const chaosFaults: Scenario = {
  shows: "half of the instances answer late or with errors; on a marked route no call fails",
  async run({ seconds = usualSeconds }) {
    const world = await startWorld();
    try {
      const sound = String(listAt(world.places[0]?.instances, "static")[0]);
      const agentPort = Number(sound.split(":").at(-1));
      const faulty = await startStaticEnvoy({ agentPort, transcoder: false, filters: [fault] });
      try {
        // Never left alone: the faults are to be met all the time.
        const agent = {
          instances: { static: [new URL(faulty.origin).host, sound] },
          ejection: "never",
        };
        const retry = {
          attempts: 3,
          on: ["unavailable", "reset", "slow"],
          perTry: `${perTryMs}ms`,
        };
        await world.save({
          agents: { marked: agent, unmarked: agent },
          routes: {
            marked: { match: { agent: "marked" }, timeout: "10s", retry },
            unmarked: { match: { agent: "unmarked" }, timeout: "10s" },
          },
        });
        const token = await world.mesh.token();
        await world.callable("marked", token);
        return await chaos({
          mesh: world.mesh,
          token,
          agents: ["echo", "marked", "unmarked"],
          perSecond,
          seconds,
          hurt: () => Promise.resolve(),
          mayFail: [
            {
              agent: "unmarked",
              how: /fault filter abort|14 UNAVAILABLE/,
              // Half of its calls meet the faulty one; twice what is to be expected of these.
              share: (2 * aborted) / 200,
              onlyWhile: false,
            },
          ],
          slowestMs: 2 * delayMs + 3 * perTryMs,
          done: () =>
            `Of two instances one answered ${aborted} % of its calls with an error and ${delayed} % ` +
            `${delayMs} ms late`,
        });
      } finally {
        await faulty.stop();
      }
    } finally {
      await world.stop();
    }
  },
};
