import { expect } from "chai";
import type { Instance } from "./instance.ts";
import { together } from "./instances-together.ts";

const instance = (id: string): Instance => ({
  id,
  address: { kind: "unix", path: `/run/${id}` },
  healthy: true,
  zone: "",
  version: "",
});

describe("instances that different sources know", () => {
  it("stand together for each agent, and a source that knows none takes none away", () => {
    const leases = new Map([["writer", [instance("a")]]]);
    const names = new Map([
      ["writer", []],
      ["poet", [instance("b"), instance("c")]],
    ]);
    const more = new Map([["writer", [instance("d")]]]);
    const ids = [...together(leases, names, more)].map(([agent, found]) => [
      agent,
      found.map(({ id }) => id).join(),
    ]);
    expect(ids).to.deep.equal([
      ["writer", "a,d"],
      ["poet", "b,c"],
    ]);
  });
});
