import { expect } from "chai";
import { createFileIssuers } from "./file-issuers.ts";

describe("issuers whose keys are in files", () => {
  it("are listed with file, number of keys, and since when these count", () => {
    let now = Date.parse("2026-03-01T12:00:00Z");
    const issuers = createFileIssuers({ now: () => now });
    expect(issuers.standing()).to.deep.equal([]);
    const login = { issuer: "https://a.test", file: "a.json", keys: '{"keys":[{},{}]}' };
    issuers.use([login]);
    now += 1_000;
    const other = { issuer: "https://b.test", file: "b.json", keys: '{"keys":[{}]}' };
    issuers.use([login, other]);
    const first = {
      issuer: login.issuer,
      file: "a.json",
      keys: 2,
      taken: "2026-03-01T12:00:00.000Z",
    };
    const second = {
      issuer: other.issuer,
      file: "b.json",
      keys: 1,
      taken: "2026-03-01T12:00:01.000Z",
    };
    expect(issuers.standing()).to.deep.equal([first, second]);
    now += 1_000;
    issuers.use([{ ...login, keys: other.keys }]);
    const rotated = { ...first, keys: 1, taken: "2026-03-01T12:00:02.000Z" };
    expect(issuers.standing()).to.deep.equal([rotated]);
  });
});
