// Whoever asks, by whichever door, is answered by the same events: in order, with heartbeats, and with one last event or a visible break.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { listAt, numberAt, textAt, valueAt } from "../harness/json.ts";
import { type SdkMesh, startSdkMesh } from "../sdk/start-mesh.ts";
import { doors } from "./doors.ts";
import type { Heard } from "./heard.ts";

describe("one stream contract", function () {
  this.timeout(120_000);
  let running: SdkMesh;
  before(async () => {
    running = await startSdkMesh();
  });
  after(() => running.stop());

  const file: unknown = JSON.parse(
    readFileSync(join(root, "test/one-contract/cases.json"), "utf8"),
  );
  for (const [name, hear] of Object.entries(doors)) {
    for (const one of listAt({ file }, "file")) {
      it(`holds by ${name} for ${textAt(one, "name")}`, async () => {
        const { mesh, told } = running;
        const timeoutMs = numberAt(one, "timeoutMs");
        const heard = await hear(mesh, told.tokens.user, {
          agent: textAt(one, "agent") || "scripted",
          text: textAt(one, "text"),
          timeoutMs: timeoutMs > 0 ? timeoutMs : undefined,
        });
        const { events } = heard;
        const of = (kind: string) => events.filter((event) => event.kind === kind);
        expect(events.map(({ sequence }) => sequence)).to.deep.equal(events.map((_, at) => at + 1));
        expect(
          of("delta")
            .map(({ text }) => text)
            .join(""),
        ).to.equal(textOf(valueAt(one, "says")));
        const beats = numberAt(one, "heartbeats");
        if (beats > 0) expect(of("heartbeat").length).to.be.at.least(beats);
        expect(endOf(heard)).to.equal(textAt(one, "ends") || textAt(one, "ends", name));
      });
    }
  }
});

/** How an answer ended, as its caller sees it; throws where it has more than one end. */
function endOf({ events, end }: Heard): string {
  const lasts = events.filter(({ kind }) => kind === "done" || kind === "error");
  const [last] = lasts;
  if (lasts.length > 1 || events.slice(0, -1).some((event) => event === last)) {
    throw new Error(`not one last event: ${JSON.stringify(events)}`);
  }
  if (typeof end === "object") return `refused ${end.refused}`;
  if (last === undefined) return end === "cut" ? "broken" : "without an end";
  if (last.text === "STREAM_BROKEN") return "broken";
  // A conversation has a turn refused as its only event.
  if (events.length === 1 && last.kind === "error") return `refused ${last.text}`;
  return `${last.kind} ${last.text}`;
}

/** A text, or `repeat` so many `times`. */
function textOf(says: unknown): string {
  return typeof says === "string" ? says : textAt(says, "repeat").repeat(numberAt(says, "times"));
}
