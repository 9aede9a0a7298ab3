// The scenario `hundred-agents`: a hundred agents with three instances each, from nothing to an answer of each agent.
import { fileURLToPath } from "node:url";
import { cpuSecondsWithEnded, residentMegabytes } from "../bench/process-cost.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { listAt, textAt } from "../harness/json.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { asking, callRest } from "../harness/rest.ts";
import { meshProcesses, type NamedProcess } from "./mesh-processes.ts";
import type { Figure, Outcome, Scenario } from "./scenario.ts";

/** How many there are. */
const agents = 100;
const instances = 3;
/** How many processes share the instances. */
const hosts = 2;
/** How many calls are made at once. */
const callers = 10;
/** The longest that all of it may take, in milliseconds. */
const longestMs = 30_000;
/** How long it is waited for at most, so that a slow machine is told how long it took. */
const patienceMs = 240_000;

export const hundredAgents: Scenario = {
  shows: "a hundred agents with three instances each, from nothing to one answer of each agent",
  async run(): Promise<Outcome> {
    const begin = performance.now();
    const passed = (): number => performance.now() - begin;
    const names = Array.from({ length: agents }, (_, number) => `agent-${number}`);
    const mesh = await startMesh({ services: [], listed: names });
    const upMs = passed();
    const hosting = startHosts(mesh);
    try {
      await eventually(
        async () => {
          const held = await heldIn(mesh);
          if (held < agents * instances) throw new Error(`${held} leases are held`);
        },
        { withinMs: patienceMs, everyMs: 250 },
      );
      const heldMs = passed();
      const failures = await callEach(mesh, names);
      const calledMs = passed();
      return outcomeOf({ upMs, heldMs, calledMs }, failures, meshProcesses(mesh.mark));
    } finally {
      await Promise.all(hosting.map((host) => endGroup(host, 60_000)));
      await mesh.stop();
    }
  },
};

function startHosts(mesh: Mesh): readonly Child[] {
  const program = fileURLToPath(new URL("hundred-agents-host.js", import.meta.url));
  const share = agents / hosts;
  return Array.from({ length: hosts }, (_, host) =>
    startChild(process.execPath, [program, `${host * share}`, `${share}`, `${instances}`], {
      cwd: mesh.folder,
      env: mesh.env,
    }),
  );
}

async function heldIn({ admin }: Mesh): Promise<number> {
  const page: unknown = await (await fetch(`${admin}/agents`)).json();
  return listAt(page, "agents").filter((one) => textAt(one, "lease") === "held").length;
}

/** One call to each. */
async function callEach(mesh: Mesh, names: readonly string[]): Promise<readonly string[]> {
  const token = await mesh.token();
  const waiting = [...names];
  const failures: string[] = [];
  const lane = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const call = { path: `/v1/agents/${name}:invoke`, token, body: asking("Hello") };
      const { status, text, json } = await callRest(mesh, call);
      const right = status === 200 && textAt(json, "message", "content") === `${name}: Hello`;
      if (!right) failures.push(`${name}: ${status} ${text}`);
    }
  };
  await Promise.all(Array.from({ length: callers }, lane));
  return failures;
}

interface Times {
  readonly upMs: number;
  readonly heldMs: number;
  readonly calledMs: number;
}

function outcomeOf(
  { upMs, heldMs, calledMs }: Times,
  failures: readonly string[],
  processes: readonly NamedProcess[],
): Outcome {
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  const kinds = [...new Set(processes.map(({ name }) => name))];
  const figures: readonly Figure[] = [
    {
      what: "from nothing running until each agent had answered",
      is: seconds(calledMs),
      asked: `under ${seconds(longestMs)}`,
      met: calledMs < longestMs,
    },
    { what: "until the mesh was up", is: seconds(upMs) },
    { what: `until ${agents * instances} leases were held`, is: seconds(heldMs) },
    ...kinds.map((name) => usedBy(name, processes)),
  ];
  const done =
    `\`smartcall up\`, then ${agents * instances} instances of ${agents} agents in ${hosts} processes, each by ` +
    "the kit's own code with a sidecar Envoy, a lease and a server of its own; one call to each agent through the edge.";
  return { done, figures, failures };
}

/** What processes of one name hold, what they share counted for each, and what they used together. */
function usedBy(name: string, processes: readonly NamedProcess[]): Figure {
  const all = processes.filter((each) => each.name === name).map(({ pid }) => pid);
  const most = Math.max(...all.map(residentMegabytes));
  const cpu = all.map(cpuSecondsWithEnded).reduce((sum, each) => sum + each, 0);
  return {
    what: all.length === 1 ? name : `${name}: ${all.length}`,
    is: `${Math.round(most)} MB${all.length === 1 ? "" : " the largest"}, ${cpu.toFixed(1)} s of processor time`,
  };
}
