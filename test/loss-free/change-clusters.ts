// Changes of what Envoy knows of an agent itself: how it is reached, and whether there is it at all.
import type { Changing } from "./kinds.ts";
import { saveAndSee } from "./obeyed.ts";

/**
 * By one save the agent `swapped` moves to another place, under the calls that run, and a route
 * leads to the agent `fresh`, which the mesh lacked. By the next the route leaves it, and it leaves
 * the mesh, and `swapped` changes without its endpoints; and each other time `late` leaves,
 * whose instances then come back.
 */
export async function replaceCluster({ world, time, obeyed }: Changing): Promise<void> {
  const { places, fresh } = world;
  const { instances, answeredBy } = places[time % places.length] ?? fresh;
  const agents = { swapped: { instances } };
  const moved = (to: unknown): object => ({ match: { agent: "moved" }, to });
  const comes = {
    agents: { ...agents, fresh: { instances: fresh.instances } },
    routes: { moved: moved("fresh") },
  };
  obeyed(await saveAndSee(world, comes, { moved: fresh.answeredBy, swapped: answeredBy }));
  const bounded = { swapped: { instances, concurrency: 1_000 + time } };
  const goes = { agents: bounded, routes: { moved: moved("swapped") } };
  const leaves = {
    agents: { ...bounded, late: undefined },
    routes: { moved: moved("swapped"), late: undefined },
  };
  const isLate = time % 2 === 1;
  obeyed(await saveAndSee(world, isLate ? leaves : goes, { moved: answeredBy }));
  if (!isLate) return;
  await world.save({ agents });
  await world.callable("late");
}
