// The control plane dies, and comes back.
import { eventually } from "../harness/eventually.ts";
import { processMarked } from "../harness/processes.ts";
import type { Changing } from "./kinds.ts";

const program = /control-plane\/dist\/(bundle\/)?main\.js/;

/** It is killed; `smartcall up` starts it again, and every instance is held once more. */
export async function restartControlPlane({ world }: Changing): Promise<void> {
  const { mesh } = world;
  const before = await world.held("late");
  process.kill(processMarked(mesh.mark, program), "SIGKILL");
  await eventually(
    async () => {
      const held = await world.held("late");
      if (held !== before) throw new Error(`${held} instances of late hold a lease`);
    },
    { withinMs: 30_000, everyMs: 100 },
  );
}
