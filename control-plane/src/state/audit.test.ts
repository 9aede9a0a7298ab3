import { appendFile, readFile, rm, stat, symlink } from "node:fs/promises";
import { expect } from "chai";
import { type AuditEntry, auditName, createAudit } from "./audit.ts";
import { type TemporaryState, temporaryState } from "./temporary-state.test.ts";

const entry: AuditEntry = {
  who: "local",
  what: "apply",
  before: "1",
  after: "2",
  outcome: "taken",
};
const now = (): Date => new Date("2026-01-01T00:00:00Z");

describe("the audit", () => {
  let temporary: TemporaryState;
  let path = "";
  beforeEach(async () => {
    temporary = await temporaryState();
    path = temporary.state.path(auditName);
  });
  afterEach(() => temporary.remove());

  it("adds one line of JSON for each change, in order, for its owner only", async () => {
    const audit = createAudit(temporary.state, now, temporary.report);
    for (const after of ["2", "3", "4"]) audit.note({ ...entry, after });
    await audit.settled();
    const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).to.deep.equal(
      ["2", "3", "4"].map((after) => ({ at: "2026-01-01T00:00:00.000Z", ...entry, after })),
    );
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
  });

  it("begins a new line after one that was cut short, and changes nothing of it", async () => {
    const audit = createAudit(temporary.state, now, temporary.report);
    audit.note(entry);
    await audit.settled();
    await appendFile(path, '{"at":"2026');
    audit.note(entry);
    await audit.settled();
    const lines = (await readFile(path, "utf8")).split("\n");
    expect(lines).to.have.length(4);
    expect(lines[1]).to.equal('{"at":"2026');
    expect(lines[2]).to.equal(lines[0]);
  });

  it("reports a full disk, goes on, and writes again when there is room", async () => {
    await symlink("/dev/full", path);
    const audit = createAudit(temporary.state, now, temporary.report);
    audit.note(entry);
    audit.note(entry);
    await audit.settled();
    expect(temporary.problems.map(({ kind }) => kind)).to.deep.equal(["full", "full"]);
    await rm(path);
    audit.note(entry);
    await audit.settled();
    expect(await readFile(path, "utf8")).to.match(/^\{"at".*\}\n$/);
  });
});
