// Streams by server-sent events beside the other doors, which k6 makes: of 20 tokens each, as its own are.
import type { Mesh } from "../harness/mesh.ts";
import { asking } from "../harness/rest.ts";
import type { Beside } from "./k6-scenario.ts";
import { readStreams } from "./sse-client.ts";
import { sseFigures } from "./sse-figures.ts";

const tokens = 20;
const paceMs = 10;
const firstMs = 100;

/** So many a second, for as long as k6 makes its own load. */
export function sseBeside(perSecond: number): (mesh: Mesh, seconds: number) => Promise<Beside> {
  const body = asking(`${tokens} every ${paceMs}`);
  return async (mesh, seconds) => {
    const ask = () => ({ body, tokens });
    return sseFigures(await readStreams(mesh, { perSecond, seconds, ask }), { firstMs });
  };
}
