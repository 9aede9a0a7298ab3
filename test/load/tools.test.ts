import { expect } from "chai";
import { toolsOf } from "./tools.ts";

describe("What a load scenario needs", () => {
  it("has versions that a report names, k6's only where it makes the load", async () => {
    const { K6_BIN: _, ...env } = process.env;
    const all = await toolsOf({ usesK6: true }, env);
    expect(all.ok ? all.versions : all.problem).to.match(/^Envoy \d+\.\d+\.\d+, k6 \d+\.\d+\.\d+$/);
    const alone = await toolsOf({}, env);
    expect(alone.ok ? alone.versions : alone.problem).to.match(/^Envoy \d+\.\d+\.\d+$/);
  });

  it("is named with the remedy where it does not run, or is another program", async () => {
    const without = async (file: string): Promise<string> => {
      const tools = await toolsOf({ usesK6: true }, { ...process.env, K6_BIN: file });
      return tools.ok ? tools.versions : tools.problem;
    };
    const none = await without("/nope");
    expect(none).to.match(/^K6_BIN is \/nope, which does not run as k6 .*ENOENT.*make dev-tools/);
    expect(await without("/bin/true")).to.match(/does not say that it is k6: run "make dev-tools"/);
  });
});
