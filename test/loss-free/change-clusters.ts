// Changes of what Envoy knows of an agent itself: how it is reached, and whether there is it at all.
import type { Changing } from "./kinds.ts";

/** The agent `swapped` moves to another place, and `late` leaves the mesh or comes back. */
export async function replaceCluster({ world, time }: Changing): Promise<void> {
  const instances = world.places[time % world.places.length];
  const moved = (to: unknown): object => ({ match: { agent: "moved" }, to });
  const agents = { swapped: { instances } };
  if (time % 2 === 0) {
    await world.save({ agents, routes: { moved: moved({ swapped: 1, late: 1 }) } });
    return;
  }
  // The route leaves it and it leaves the mesh, by one save; and comes back once it is there.
  await world.save({
    agents: { ...agents, late: undefined },
    routes: { moved: moved("swapped"), late: undefined },
  });
  await world.save({ agents });
  await world.callable("late");
}
