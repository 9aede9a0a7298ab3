// Changes of who runs.
import { eventually } from "../harness/eventually.ts";
import type { Changing } from "./kinds.ts";

/** Another instance of `late` comes; it drains, or every other time it is killed. */
export async function replaceInstance({ world, time }: Changing): Promise<void> {
  const before = await world.held("late");
  const until = (wanted: (held: number) => boolean): Promise<void> =>
    eventually(async () => {
      const held = await world.held("late");
      if (!wanted(held)) throw new Error(`${held} instances of late hold a lease`);
    });
  const instance = world.attach("late");
  await until((held) => held > before);
  process.kill(instance.pid, time % 2 === 0 ? "SIGKILL" : "SIGTERM");
  await until((held) => held <= before);
  await world.end(instance);
}
