// A client in a test: of Node, without chance, and with a clock of the test's own where it says so.
import { MeshClient } from "../client.ts";
import { type Clock, systemClock } from "../clock.ts";
import { nodePlatform } from "../node-platform.ts";
import type { ClientOptions } from "../options.ts";

/** One whose back-off, where nobody says how long to wait, is nothing. */
export function testClient(options: ClientOptions, clock: Clock = systemClock): MeshClient {
  return new MeshClient(options, { platform: nodePlatform, clock, random: () => 0 });
}
