// A process that is many instances of many agents: each with a sidecar and a lease of its own, as the kit makes them.
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { type Agent, delta } from "@smartcall/agent-kit";
import { type Joined, joinMesh } from "@smartcall/agent-kit/dist/join-mesh.js";
import { settingNames } from "@smartcall/agent-kit/dist/serve-agent.js";
import { startSidecar } from "@smartcall/agent-kit/dist/sidecar/start-sidecar.js";
import { createLog, onEnd, readSettings, systemClock } from "@smartcall/runtime";

/** How many join at once. */
const atOnce = 5;
/** What the kit logs once a lease is held. */
const attached = "attached to the mesh";

const { PATH: path } = process.env;
const [, , first = "0", agents = "1", instances = "1"] = process.argv;
const read = readSettings(settingNames, { argv: [], env: process.env, cwd: process.cwd() });
if (!read.ok) throw new Error(read.problems.join("\n"));
const settings = read.values;
const log = createLog("host", "error");
const joined: Joined[] = [];
onEnd(log, async () => {
  await Promise.all(joined.map(({ leave }) => leave()));
});

const waiting = Array.from({ length: Number(agents) }, (_, index) => index + Number(first)).flatMap(
  (number) => Array.from({ length: Number(instances) }, () => `agent-${number}`),
);
await Promise.all(Array.from({ length: atOnce }, lane));
console.log("all have joined");

async function lane(): Promise<void> {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await join(name);
}

async function join(name: string): Promise<void> {
  const agent: Agent = {
    name,
    async *stream({ lastUserText }) {
      yield delta(`${name}: ${lastUserText}`);
    },
  };
  const instance = `${name}-${randomUUID()}`;
  const sidecar = await startSidecar({
    agent: name,
    instance,
    settings,
    place: { cwd: process.cwd(), path, tmp: tmpdir() },
    log,
    clock: systemClock,
    random: Math.random,
  });
  if (typeof sidecar === "string") throw new Error(sidecar);
  process.on("exit", () => sidecar.folder.remove());
  const held = new Promise<void>((resolve) => {
    const write = (line: string): void => {
      if (line.includes(attached)) resolve();
    };
    const told = createLog(name, "info", { write });
    joinMesh(agent, { instance, sidecar, settings, log: told }).then(
      (each) => joined.push(each),
      (error: unknown) => log.error({ err: error }, "an instance cannot join"),
    );
  });
  await held;
}
