import { readFileSync } from "node:fs";
import { expect } from "chai";
import { readOwnServices } from "../own-services/index.ts";
import type { Lease, Leases } from "./lease.ts";
import { parseLeases, printLeases } from "./remembered-leases.ts";
import { servicesOf } from "./services-of.ts";

describe("what an agent serves whose instances differ", () => {
  const [old, fresh] = [brought("station"), brought("weather")];
  const listing = { agents: new Set(["station"]), dev: false };

  it("is what the instance says that first attached last, also where that is nothing", () => {
    expect(served([lease("a", 1, old), lease("b", 2, fresh)])).to.equal(fresh.id);
    expect(served([lease("b", 2, fresh), lease("a", 1, old)])).to.equal(fresh.id);
    expect(served([lease("a", 1, old), lease("b", 2)])).to.equal(undefined);
  });

  it("is what the last of the others says, once that one has left", () => {
    expect(served([lease("a", 1, old)])).to.equal(old.id);
  });

  it("stays while none lives, as long as the agent is listed", () => {
    const before = servicesOf(leasesOf([lease("a", 1, old)]), new Map());
    expect(servicesOf(new Map(), before, listing).get("station")).to.equal(old);
    expect(servicesOf(new Map(), before, { agents: new Set(), dev: false }).size).to.equal(0);
  });

  it("is kept across a restart of the control plane", () => {
    const text = printLeases(leasesOf([lease("a", 1, old), lease("b", 2, old)]));
    const read = parseLeases(text, 0);
    expect(read && servicesOf(read, new Map()).get("station")?.id).to.equal(old.id);
    expect(text.split(Buffer.from(old.descriptors).toString("base64"))).to.have.length(2);
  });
});

function brought(name: "station" | "weather") {
  const path = new URL(`../../../../test/agents/weather/${name}.binpb`, import.meta.url);
  const services = readOwnServices(readFileSync(path), name);
  if ("problems" in services) throw new Error(services.problems.join());
  return services;
}

function served(leases: readonly Lease[]): string | undefined {
  return servicesOf(leasesOf(leases), new Map()).get("station")?.id;
}

function leasesOf(leases: readonly Lease[]): Leases {
  return new Map(leases.map((each) => [`station/${each.instance.id}`, each]));
}

function lease(id: string, since: number, services?: Lease["services"]): Lease {
  const address = { kind: "ip" as const, host: "127.0.0.1", port: 1000 + since };
  return {
    agent: "station",
    instance: { id, address, healthy: true, version: "", zone: "" },
    description: "",
    since,
    hold: { kind: "held", holder: since },
    ...(services && { services }),
  };
}
