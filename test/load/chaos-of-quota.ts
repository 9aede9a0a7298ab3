// Scenarios of chaos where calls are counted: the quota service is killed, and the Redis that it counts in.
import { writeFileSync } from "node:fs";
import { type RedisServer, startRedis } from "@smartcall/quota/dist/ledger/testing/redis-server.js";
import { eventually, pause } from "../harness/eventually.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { processMarked } from "../harness/processes.ts";
import { asking, callRest } from "../harness/rest.ts";
import { chaos } from "./chaos.ts";
import type { Allowed } from "./chaos-allowed.ts";
import type { Scenario } from "./scenario.ts";

const perSecond = 60;
const usualSeconds = 30;
const slowestMs = 8_000;
/** How long Redis is away. */
const awayMs = 1_000;

/** A route that takes calls only while they can be counted refuses them while they cannot. */
const refused: Allowed = {
  agent: "strict",
  how: /"reason":"QUOTA_UNAVAILABLE"|14 UNAVAILABLE.* QUOTA_UNAVAILABLE$/,
  least: 0.02,
  // It is away for a second or two of every six or seven; a busy machine starts it later.
  most: 0.4,
};

export const chaosQuota: Scenario = {
  shows: "the quota service is killed; only routes that refuse what is not counted refuse calls",
  async run({ seconds = usualSeconds }) {
    return counting(
      undefined,
      seconds,
      "The quota service was killed, and started again,",
      (mesh) => {
        process.kill(processMarked(mesh.mark, /quota\/dist\/(bundle\/)?main\.js/), "SIGKILL");
        return Promise.resolve();
      },
    );
  },
};

export const chaosRedis: Scenario = {
  shows: "the Redis of the quota service is killed; only routes that refuse what is not counted do",
  async run({ seconds = usualSeconds }) {
    const redis = await startRedis();
    try {
      const done = `Redis was killed, and started again after ${awayMs / 1_000} s,`;
      return await counting(redis, seconds, done, async () => {
        await redis.kill();
        await pause(awayMs);
        await redis.start();
      });
    } finally {
      await redis.stop();
    }
  },
};

async function counting(
  redis: RedisServer | undefined,
  seconds: number,
  done: string,
  hurt: (mesh: Mesh) => Promise<void>,
): ReturnType<Scenario["run"]> {
  const env = redis === undefined ? {} : { REDIS_URL: redis.url };
  const mesh = await startMesh({ listed: ["strict", "lenient"], env });
  try {
    writeFileSync(mesh.meshFile, meshText(mesh.port));
    const token = await mesh.token({ claims: { team: "red" } });
    await counted(mesh, token);
    return await chaos({
      mesh,
      token,
      agents: ["echo", "strict", "lenient"],
      perSecond,
      seconds,
      async hurt() {
        await hurt(mesh);
        await counted(mesh, token);
      },
      mayFail: [refused],
      slowestMs,
      done: (times) => `${done} ${times} times`,
    });
  } finally {
    await mesh.stop();
  }
}

/** Resolves once a call is answered that has to be counted, and one that may be answered uncounted was counted. */
function counted(mesh: Mesh, token: string): Promise<void> {
  const one = (agent: string) =>
    callRest(mesh, { path: `/v1/agents/${agent}:invoke`, token, body: asking("Hello") });
  return eventually(
    async () => {
      const [strict, lenient] = await Promise.all([one("strict"), one("lenient")]);
      if (strict.status !== 200) throw new Error(strict.text);
      if (lenient.headers["smartcall-quota"] !== undefined) throw new Error("it is not counted");
    },
    { withinMs: 20_000, everyMs: 100 },
  );
}

function meshText(port: number): string {
  return `
mesh: test
gateway: { https: { port: ${port} } }
agents: { echo: {}, strict: {}, lenient: {} }
budgets: { team: { by: "claim:team", tokens: 1000000000, per: month } }
routes:
  - { name: strict, match: { agent: strict }, to: echo, budget: { of: team, reserve: 100 } }
  - { name: lenient, match: { agent: lenient }, to: echo, budget: { of: team, reserve: 100, unavailable: allow } }
`;
}
