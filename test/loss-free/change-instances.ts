// Changes of who runs.
import type { Child } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { parentOf, processesMarked } from "../harness/processes.ts";
import type { Changing } from "./kinds.ts";
import type { World } from "./world.ts";

/** Another instance of `late` comes, and drains. */
export function drainInstance({ world }: Changing): Promise<void> {
  return replaceInstance(world, "SIGTERM");
}

/** Another instance of `late` comes, and is killed: its answers end in their midst. */
export function killInstance({ world }: Changing): Promise<void> {
  return replaceInstance(world, "SIGKILL");
}

/** The oldest instance of `late` is killed, with all that it had begun, and another takes its place. */
export async function killOldest({ world }: Changing): Promise<void> {
  const oldest = oldestOf(world);
  const before = await world.held("late");
  process.kill(oldest.pid, "SIGKILL");
  await holds(world, (held) => held < before);
  await world.end(oldest);
  world.attach("late");
  await holds(world, (held) => held === before);
}

/** One instance of `late` drains, and another takes its place: before it goes, or after. */
export async function rollInstance({ world, time }: Changing): Promise<void> {
  const oldest = oldestOf(world);
  const before = await world.held("late");
  const drain = async (left: number): Promise<void> => {
    process.kill(oldest.pid, "SIGTERM");
    await holds(world, (held) => held === left);
    await world.end(oldest);
  };
  if (time % 2 === 0) await drain(before - 1);
  world.attach("late");
  await holds(world, (held) => held === (time % 2 === 0 ? before : before + 1));
  if (time % 2 === 1) await drain(before);
}

/** The sidecar of an instance of `late` is killed; the agent starts another. */
export async function killSidecar({ world, time }: Changing): Promise<void> {
  const { mesh } = world;
  const { pid } = world.running("late")[time % 3] ?? {};
  const sidecarOf = (): number | undefined =>
    processesMarked(mesh.mark).find(({ pid: one }) => parentOf(one) === pid)?.pid;
  const sidecar = sidecarOf();
  if (sidecar === undefined) throw new Error("it has no sidecar");
  const before = await world.held("late");
  process.kill(sidecar, "SIGKILL");
  await holds(world, (held) => held < before);
  await holds(world, (held) => held === before);
  if (sidecarOf() === sidecar) throw new Error("the sidecar lives");
}

function oldestOf(world: World): Child {
  const [oldest] = world.running("late");
  if (oldest === undefined) throw new Error("late has no instance");
  return oldest;
}

async function replaceInstance(world: World, signal: NodeJS.Signals): Promise<void> {
  const before = await world.held("late");
  const instance = world.attach("late");
  await holds(world, (held) => held > before);
  process.kill(instance.pid, signal);
  await holds(world, (held) => held <= before);
  await world.end(instance);
}

async function holds(world: World, wanted: (held: number) => boolean): Promise<void> {
  await eventually(
    async () => {
      const held = await world.held("late");
      if (!wanted(held)) throw new Error(`${held} instances of late hold a lease`);
    },
    { withinMs: 20_000 },
  );
}
