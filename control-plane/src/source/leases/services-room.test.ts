import { readFileSync } from "node:fs";
import { expect } from "chai";
import { type OwnServices, readOwnServices } from "../own-services/index.ts";
import { fakeClock } from "./fake-clock.test.ts";
import { createLeaseTable, type HeldLease } from "./lease-table.ts";

describe("the room for what agents serve beside the contract", () => {
  const [station, weather] = [brought("station"), brought("weather")];
  const room = sizeOf(station) + sizeOf(weather) - 1;
  const table = () => {
    const made = createLeaseTable({
      clock: fakeClock(),
      listing: { agents: new Set(["station", "weather"]), dev: false },
      mostServicesBytes: room,
      change: () => undefined,
      keep: () => undefined,
      say: () => undefined,
    });
    let port = 1_000;
    const attach = (agent: string, instance: string, services?: OwnServices) => {
      const address = { kind: "ip", host: "127.0.0.1", port: port++ } as const;
      const said = { agent, instance, address, version: "", zone: "", description: "" };
      return made.attach({ ...said, ...(services && { services }) }, () => undefined);
    };
    return { attach, served: () => [...made.services().keys()] };
  };

  it("is one for all agents, and who finds none is told so and changes nothing", () => {
    const { attach, served } = table();
    taken(attach("station", "a", station));
    const refused = attach("weather", "a", weather);
    if (!("code" in refused)) throw new Error("it was taken");
    expect(refused.code).to.equal("RESOURCE_EXHAUSTED");
    expect(refused.message)
      .to.include(`${sizeOf(weather)} bytes`)
      .and.include(`of ${room}`);
    expect(served()).to.deep.equal(["station"]);
    // Agents that bring nothing need none.
    taken(attach("weather", "b"));
  });

  it("is taken once by all instances that bring the same", () => {
    const { attach } = table();
    for (const instance of ["a", "b", "c"]) taken(attach("station", instance, station));
  });

  it("is free again once the last that brought something brings something else", () => {
    const { attach, served } = table();
    taken(attach("station", "a", station));
    taken(attach("station", "a"));
    taken(attach("weather", "a", weather));
    expect(served()).to.deep.equal(["weather"]);
  });
});

function taken(attached: ReturnType<ReturnType<typeof createLeaseTable>["attach"]>): HeldLease {
  if ("code" in attached) throw new Error(attached.message);
  return attached;
}

function sizeOf({ descriptors, translated }: OwnServices): number {
  return descriptors.length + translated.length;
}

function brought(name: "station" | "weather"): OwnServices {
  const path = new URL(`../../../../test/agents/weather/${name}.binpb`, import.meta.url);
  const services = readOwnServices(readFileSync(path), name);
  if ("problems" in services) throw new Error(services.problems.join());
  return services;
}
