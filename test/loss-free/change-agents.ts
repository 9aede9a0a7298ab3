// Agents that nobody knew before.
import { guestVariable } from "../agents/guest.ts";
import type { Changing } from "./kinds.ts";

/** mesh.yaml lists another agent, which attaches, is called, leaves, and is listed no more. */
export async function attachGuest({ world, time }: Changing): Promise<void> {
  const name = `guest-${time}`;
  await world.save({ agents: { [name]: {} } });
  const guest = world.attach("guest", { [guestVariable]: name });
  await world.callable(name);
  if (time % 2 === 0) await world.end(guest);
  await world.save({});
  if (time % 2 === 1) await world.end(guest);
}
