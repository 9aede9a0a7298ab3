// The scenario `chaos-faults`: one of two instances answers late, or not at all, by the fault filter of an Envoy before it.
import { startStaticEnvoy } from "../bench/static-envoy.ts";
import { envoyStat } from "../harness/envoy-stats.ts";
import { listAt } from "../harness/json.ts";
import { startWorld } from "../loss-free/world.ts";
import { chaos } from "./chaos.ts";
import type { Figure, Scenario } from "./scenario.ts";

const agents = ["echo", "marked", "unmarked"];
const perSecond = 40;
const usualSeconds = 30;
/** Of the calls that meet the faulty instance, in percent. */
const aborted = 30;
const delayed = 30;
const delayMs = 1_500;
/**
 * Of instances in turn every second call would meet the faulty one. It meets fewer, about every fourth: a
 * gateway prefers the instance with fewer calls under way. With less than a quarter it shows nothing.
 */
const leastShown = 0.25;
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
        const outcome = await chaos({
          mesh: world.mesh,
          token,
          agents,
          perSecond,
          seconds,
          mayFail: [
            {
              agent: "unmarked",
              how: /fault filter abort/,
              least: leastShown * (aborted / 200),
              most: aborted / 200,
              onlyWhile: false,
            },
          ],
          // Of calls of the unmarked route 15 of 100 are late, and as many of the marked are tried again.
          p99Ms: delayMs + 1_000,
          slowestMs: 2 * delayMs + 3 * perTryMs,
          done: () =>
            `Of two instances one answered ${aborted} % of its calls with an error and ${delayed} % ` +
            `${delayMs} ms late`,
        });
        const met = await faultsMet(faulty, (perSecond * seconds * 2) / agents.length / 2);
        return { ...outcome, figures: [...outcome.figures, ...met] };
      } finally {
        await faulty.stop();
      }
    } finally {
      await world.stop();
    }
  },
};

/** What Envoy did to the calls that it met: without faults it shows nothing. */
async function faultsMet(
  faulty: { readonly envoyAdmin: string },
  calls: number,
): Promise<readonly Figure[]> {
  const figure = async (what: string, counter: string, percent: number): Promise<Figure> => {
    const count = await envoyStat(faulty, `http.static.fault.${counter}`);
    const least = Math.floor(((calls * percent) / 100) * leastShown);
    return { what, is: `${count}`, asked: `at least ${least}`, met: count >= least };
  };
  return Promise.all([
    figure("answers of the faulty instance that were errors", "aborts_injected", aborted),
    figure("answers of the faulty instance that were late", "delays_injected", delayed),
  ]);
}
