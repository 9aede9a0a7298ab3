import { expect } from "chai";
import { startChild } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { holdAlone, type LetGo } from "./hold-alone.ts";

describe("What one process at a time may do", () => {
  const name = `test-${process.pid}`;
  const held = async (of: string): Promise<LetGo> => {
    const letGo = await holdAlone(of);
    if (letGo === undefined) throw new Error(`${of} is held`);
    return letGo;
  };

  it("is refused while another does it, and not a thing of another name", async () => {
    const letGo = await held(name);
    expect(await holdAlone(name)).to.equal(undefined);
    const letOtherGo = await held(`${name}-other`);
    await letOtherGo();
    await letGo();
    const letAgainGo = await held(name);
    await letAgainGo();
  });

  it("may be done again at once where the one who did it was killed", async () => {
    const module = new URL(import.meta.url.replace(".test", "")).href;
    const program = `
      const { holdAlone } = await import(${JSON.stringify(module)});
      console.log(await holdAlone(${JSON.stringify(name)}) ? "held" : "not held");
      setTimeout(() => undefined, 60_000);`;
    const args = [...process.execArgv, "--input-type=module", "--eval", program];
    const child = startChild(process.execPath, args, { cwd: process.cwd(), env: process.env });
    await child.says(/^held/m);
    expect(await holdAlone(name)).to.equal(undefined);
    process.kill(child.pid, "SIGKILL");
    await child.ended;
    await eventually(async () => {
      const letGo = await held(name);
      await letGo();
    });
  });
});
