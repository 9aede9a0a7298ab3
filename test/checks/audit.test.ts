// The reading of npm's audit, which CI relies on.
import { expect } from "chai";
import { readAudit } from "../ci/audit.ts";

const report = (total: number, vulnerabilities: object = {}): string =>
  JSON.stringify({ vulnerabilities, metadata: { vulnerabilities: { total } } });

describe("npm's audit", () => {
  it("that finds nothing is clean", () => {
    expect(readAudit(report(0), "")).to.deep.equal({ kind: "clean" });
  });

  it("names each package with a hole", () => {
    const via = [{ title: "Reads past the end" }];
    const found = report(1, { leaky: { severity: "high", via } });
    expect(readAudit(found, "")).to.deep.equal({
      kind: "holes",
      packages: ["leaky (high): Reads past the end"],
    });
  });

  it("that the registry does not do is never taken for a clean one", () => {
    const refused = JSON.stringify({ message: "405 Method Not Allowed - POST https://host/path" });
    expect(readAudit(refused, "")).to.deep.equal({
      kind: "no answer",
      why: "405 Method Not Allowed - POST https://host/path",
    });
    expect(readAudit("", "timed out").kind).to.equal("no answer");
  });
});
