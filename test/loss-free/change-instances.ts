// Changes of who runs.
import { eventually } from "../harness/eventually.ts";
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

async function replaceInstance(world: World, signal: NodeJS.Signals): Promise<void> {
  const before = await world.held("late");
  const until = (wanted: (held: number) => boolean): Promise<void> =>
    eventually(
      async () => {
        const held = await world.held("late");
        if (!wanted(held)) throw new Error(`${held} instances of late hold a lease`);
      },
      { withinMs: 20_000 },
    );
  const instance = world.attach("late");
  await until((held) => held > before);
  process.kill(instance.pid, signal);
  await until((held) => held <= before);
  await world.end(instance);
}
