// Agents that nobody knew before, with methods that nobody else has.
import { expect } from "chai";
import { forecast } from "../agents/guest.ts";
import { eventually } from "../harness/eventually.ts";
import { callRest } from "../harness/rest.ts";
import type { Changing } from "./kinds.ts";

/**
 * mesh.yaml lists another agent, which attaches with descriptors of its own, is called by its own
 * method and by the mesh's, leaves, and is listed no more.
 */
export async function attachGuest({ world, time }: Changing): Promise<void> {
  const { mesh } = world;
  await world.save({ agents: { weather: {} } });
  const guest = world.attach("guest");
  await world.callable("weather");
  const token = await mesh.token();
  await eventually(
    async () => {
      const call = { path: "/v1/agents/weather:forecast", token, body: { city: "Oslo" } };
      const reply = await callRest(mesh, call);
      expect(reply.json, reply.text).to.deep.equal(forecast);
    },
    { withinMs: 20_000 },
  );
  if (time % 2 === 0) await world.end(guest);
  await world.save({});
  if (time % 2 === 1) await world.end(guest);
}
