// The row of `make bench` about revocations: what ten thousand of them cost a call.
import type { Denied } from "@smartcall/control-plane/dist/model/issuer.js";
import { startGateway, type TestGateway } from "../edge/gateway.ts";
import { meshOf } from "../edge/mesh-of.ts";
import { startCannedAgent } from "./canned-agent.ts";
import { openRest } from "./load-rest.ts";
import { connections, type Door } from "./load-types.ts";
import { cpuSeconds, residentMegabytes } from "./process-cost.ts";
import { printTable } from "./report.ts";
import { median } from "./summary.ts";

/** Over both gateways in turn, so that what else the machine does is shared fairly. */
const rounds = 6;
const calls = 2_000;
const entries = 10_000;

interface Contender {
  readonly name: string;
  readonly gateway: TestGateway;
  readonly door: Door;
  readonly costs: number[];
}

/** The same gateway with no revocation, and with ten thousand of tokens and as many of subjects. */
export async function deniedRow(): Promise<void> {
  const agent = await startCannedAgent();
  const texts = (name: string): string[] =>
    Array.from({ length: entries }, (_, index) => `${name}-${index}-of-many`).sort();
  const lists: Denied = { tokens: texts("token"), subjects: texts("subject") };
  const start = async (name: string, denied: Denied | undefined): Promise<Contender> => {
    const gateway = await startGateway((parts) => ({
      ...meshOf({ ...parts, agentPort: agent.port }),
      ...(denied && { denied }),
    }));
    const token = gateway.token({ lifetimeMs: 3_600_000 });
    const { ca, url: origin } = gateway;
    const door = openRest({ protocol: "rest", origin, ca, agent: "echo", token });
    return { name, gateway, door, costs: [] };
  };
  const contenders = [
    await start("none", undefined),
    await start(`${entries} tokens and ${entries} subjects`, lists),
  ];
  try {
    for (let round = 0; round <= rounds; round++) {
      // The first round only warms up; the others begin with another gateway each time.
      const order = round % 2 === 0 ? contenders : [...contenders].reverse();
      for (const { gateway, door, costs } of order) {
        const before = cpuSeconds(gateway.pid);
        await callAll(door);
        if (round > 0) costs.push(((cpuSeconds(gateway.pid) - before) / calls) * 1000);
      }
    }
    printTable(`processor seconds for 1,000 calls, median of ${rounds} interleaved rounds`, [
      ["revocations", "median", "least", "most", "MB"],
      ...contenders.map(({ name, costs, gateway }) => [
        name,
        median(costs).toFixed(3),
        Math.min(...costs).toFixed(3),
        Math.max(...costs).toFixed(3),
        residentMegabytes(gateway.pid).toFixed(0),
      ]),
    ]);
  } finally {
    for (const { door } of contenders) door.close();
    await Promise.all(contenders.map(({ gateway }) => gateway.stop()));
    agent.stop();
  }
}

async function callAll(door: Door): Promise<void> {
  let left = calls;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await door.call("unary");
  };
  await Promise.all(Array.from({ length: connections }, lane));
}
