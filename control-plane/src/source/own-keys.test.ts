import { systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import {
  type AuditEntry,
  loadSigningKeys,
  publicKeySet,
  rotateSigningKey,
} from "../state/index.ts";
import { must, type TemporaryState, temporaryState } from "../state/temporary-state.test.ts";
import { type OwnKeys, openOwnKeys } from "./own-keys.ts";

describe("the mesh's own keys", () => {
  let temporary: TemporaryState;
  let keys: OwnKeys | undefined;
  beforeEach(async () => {
    temporary = await temporaryState();
  });
  afterEach(async () => {
    await keys?.close();
    await temporary.remove();
  });

  it("are rotated once for each who asks, and it is said who that was", async () => {
    const { state, report } = temporary;
    const now = (): Date => new Date();
    const first = must(await loadSigningKeys(state, { now: now(), report }));
    const entries: AuditEntry[] = [];
    const opened = must(
      await openOwnKeys(state, {
        mesh: "demo",
        signingKeys: first,
        hostname: "localhost",
        clock: systemClock,
        now,
        report,
        audit: { note: (entry) => entries.push(entry) },
        changed: () => undefined,
      }),
    );
    keys = opened;
    const both = await Promise.all([
      opened.rotate("RS256", "ann"),
      opened.rotate(undefined, "bob"),
    ]);
    expect(both.map((each) => must(each).length)).to.deep.equal([2, 3]);
    expect(opened.signingKeys().map(({ algorithm }) => algorithm)).to.deep.equal([
      "ES256",
      "RS256",
      "RS256",
    ]);
    // Longer than it takes to see them in the folder.
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(entries.map(({ who }) => who)).to.deep.equal(["ann", "bob"]);
  });

  it("notice a rotation by another process, tell of it, and leave a line about it", async () => {
    const { state, report } = temporary;
    const now = (): Date => new Date();
    const first = must(await loadSigningKeys(state, { now: now(), report }));
    const entries: AuditEntry[] = [];
    const changed = new Promise<string>((resolve) => {
      void openOwnKeys(state, {
        mesh: "demo",
        signingKeys: first,
        hostname: "localhost",
        clock: systemClock,
        now,
        report,
        audit: { note: (entry) => entries.push(entry) },
        changed: resolve,
      }).then((opened) => {
        keys = must(opened);
        return rotateSigningKey(state, { now: now(), report });
      });
    });
    expect(await changed).to.equal("signing keys");
    expect(publicKeySet(keys?.signingKeys() ?? first)).not.to.equal(publicKeySet(first));
    const [entry, ...more] = entries;
    expect(more).to.deep.equal([]);
    expect(entry).to.include({ who: "local", what: "signing keys", outcome: "taken" });
    expect(entry?.before)
      .to.match(/^[0-9a-f]{64}$/)
      .and.not.to.equal(entry?.after);
  });
});
