import { expect } from "chai";
import { processorFigures, roleFigures } from "./role-figures.ts";
import type { ProcessUsage, Usage } from "./usage.ts";

describe("What the processes of a mesh used", () => {
  const sample = { seconds: 1, megabytes: 1, openFiles: 1 };
  const process = (role: string, peakMegabytes: number): ProcessUsage => ({
    ...{ role, pid: 1, samples: [sample], peakMegabytes, cpuSeconds: 3 },
  });
  const usage = (...processes: readonly ProcessUsage[]): Usage => ({ seconds: 20, processes });

  it("is held to 512 MB, each by itself, by the most that it ever held", () => {
    const held = roleFigures(usage(process("edge", 511.9), process("agent echo", 512)), 512);
    expect(held).to.deep.equal([
      { what: "memory at most, edge", is: "512 MB", asked: "under 512 MB", met: true },
      { what: "memory at most, agent echo", is: "512 MB", asked: "under 512 MB", met: false },
    ]);
  });

  it("is only told where it is held to nothing", () => {
    const [edge] = roleFigures(usage(process("edge", 2_000)));
    expect(edge).to.deep.equal({ what: "memory at most, edge", is: "2000 MB" });
  });

  it("is missed where no process was found, or none was seen alive", () => {
    const gone = { ...process("agent echo", 0), samples: [] };
    for (const none of [usage(), usage(gone)]) {
      for (const most of [undefined, 512]) {
        expect(roleFigures(none, most).map(({ met }) => met)).to.deep.equal([false]);
      }
    }
  });

  it("is told in processors for those that are asked for", () => {
    const figures = processorFigures(usage(process("edge", 9), process("supervisor", 9)), ["edge"]);
    expect(figures).to.deep.equal([{ what: "processors of edge", is: "0.150" }]);
  });
});
