// Where one more gateway of a running mesh is reached, given where its edge is.

import { formatAddress, type Run } from "@smartcall/runtime";
import { takenPorts } from "../up/free-ports.ts";

/** Where a gateway is. */
export interface GatewayPlace {
  readonly port: number;
  /** Such as `https://localhost:8444`. */
  readonly url: string;
  /** Where it listens, where the URL does not lead there by itself. */
  readonly connectTo: string | undefined;
}

export type PlaceFound =
  | { readonly ok: true; readonly place: GatewayPlace }
  | { readonly ok: false; readonly problem: string };

/** How many ports after the mesh's are tried. */
const tried = 100;

/** The place at the port that is asked for, or at the first free one after the mesh's. */
export async function findPlace(run: Run, wanted: number | undefined): Promise<PlaceFound> {
  if (wanted !== undefined) {
    const place = placeAt(run, wanted);
    const problem = await problemWith(place);
    return problem === undefined ? { ok: true, place } : { ok: false, problem };
  }
  const first = portOf(run) + 1;
  for (let port = first; port < first + tried && port < 65_536; port++) {
    const place = placeAt(run, port);
    if ((await problemWith(place)) === undefined) return { ok: true, place };
  }
  return {
    ok: false,
    problem: "No port after the mesh's own is free: name one with --https-port.",
  };
}

function placeAt(run: Run, port: number): GatewayPlace {
  const url = new URL(run.url);
  url.port = `${port}`;
  const connectTo =
    run.connectTo === undefined ? undefined : formatAddress({ host: hostOf(run), port });
  return { port, url: url.origin, connectTo };
}

async function problemWith(place: GatewayPlace): Promise<string | undefined> {
  const host = hostOf(place);
  const [problem] = await takenPorts([
    { host, port: place.port, use: "HTTPS", remedy: "name another one with --https-port" },
  ]);
  return problem;
}

/** On this machine: an address of it, or the name that leads to one. */
function hostOf({ url, connectTo }: Pick<Run, "url" | "connectTo">): string {
  const { hostname } = new URL(connectTo === undefined ? url : `https://${connectTo}`);
  return hostname === "localhost" ? "127.0.0.1" : hostname.replace(/^\[|\]$/g, "");
}

function portOf({ url }: Run): number {
  const { port } = new URL(url);
  return port === "" ? 443 : Number(port);
}
