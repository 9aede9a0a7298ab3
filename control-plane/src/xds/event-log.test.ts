import { expect } from "chai";
import type { XdsEvent } from "./event.ts";
import { logEvent } from "./event-log.ts";

describe("the log of what happens", () => {
  it("A74 is loud about a refusal, and quiet about the daily round", () => {
    const lines: [string, object, string][] = [];
    const log = {
      debug: (fields: object, message: string) => lines.push(["debug", fields, message]),
      info: (fields: object, message: string) => lines.push(["info", fields, message]),
      warn: (fields: object, message: string) => lines.push(["warn", fields, message]),
    };
    const moment = { at: 1, stream: "s" };
    const answer = { ...moment, type: "cluster", nonce: "s-1", version: "v" } as const;
    const refusal = { code: 3, message: "bad" };
    const events: XdsEvent[] = [
      { ...answer, kind: "nacked", node: "echo/a", refusal, suspects: [] },
      { ...answer, kind: "acked" },
      { ...moment, kind: "closed", reason: "gone" },
      { ...moment, kind: "recovered", type: "cluster" },
      { ...moment, kind: "identified", node: { id: "n", cluster: "", version: "" } },
      { at: 1, kind: "published", reason: "start", changed: 1, removed: 0 },
      { at: 1, kind: "refused stream", code: "UNAUTHENTICATED", message: "no", peer: "p" },
    ];
    for (const event of events) logEvent(log, event);
    expect(lines.map(([level]) => level).join(" ")).to.equal("warn debug info info info info warn");
    expect(lines[0]?.[1]).to.deep.include({ node: "echo/a", type: "cluster", nonce: "s-1" });
  });
});
