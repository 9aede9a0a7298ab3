import { readFileSync } from "node:fs";
import { join } from "node:path";
import { agentPb } from "@smartcall/protos";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { openEvents } from "../harness/events.ts";
import { clientFor, metadataOf, saying } from "../harness/grpc.ts";
import { listAt, numberAt, textAt, valueAt } from "../harness/json.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { asking } from "../harness/rest.ts";
import { isLast, openSocket, turnOf } from "../harness/socket.ts";

/** What one event says, by whichever door it came. */
interface Heard {
  readonly sequence: number;
  readonly said: string | undefined;
  readonly finishReason: string | undefined;
}

type Door = (mesh: Mesh, token: string, text: string) => Promise<readonly Heard[]>;

const doors: Readonly<Record<string, Door>> = {
  "REST and server-sent events": async (mesh, token, text) => {
    const call = { path: "/v1/agents/echo:stream", token, body: asking(text) };
    const { events } = await openEvents(mesh, call);
    const heard: Heard[] = [];
    for await (const { event } of events) heard.push(fromJson(event));
    return heard;
  },
  gRPC: async (mesh, token, text) => {
    const client = clientFor(mesh);
    const heard: Heard[] = [];
    const stream = client.stream(saying(text), metadataOf({ agent: "echo", token }));
    for await (const event of stream) {
      if (!(event instanceof agentPb.StreamEvent)) throw new Error("no event");
      heard.push({
        sequence: event.getSequence(),
        said: event.getDelta()?.getContent(),
        finishReason: event.getDone()?.getFinishReason(),
      });
    }
    client.close();
    return heard;
  },
  WebSocket: async (mesh, token, text) => {
    const socket = await openSocket(mesh, { token });
    socket.send(turnOf("one", text));
    await socket.awaits(isLast("one"));
    socket.close();
    return socket.events("one").map(fromJson);
  },
};

describe("one stream contract", function () {
  this.timeout(120_000);
  let mesh: Mesh;
  before(async () => {
    mesh = await startMesh();
  });
  after(() => mesh.stop());

  const file: unknown = JSON.parse(
    readFileSync(join(root, "test/one-contract/cases.json"), "utf8"),
  );
  for (const [name, hear] of Object.entries(doors)) {
    for (const one of listAt({ file }, "file")) {
      it(`holds by ${name} for ${textAt(one, "name")}`, async () => {
        const heard = await hear(mesh, await mesh.token(), longOr(textAt(one, "text")));
        expect(heard.map(({ sequence }) => sequence)).to.deep.equal(heard.map((_, at) => at + 1));
        expect(heard.map(({ said }) => said ?? "").join("")).to.equal(longOr(textAt(one, "says")));
        const ends = heard.flatMap(({ finishReason }, at) =>
          finishReason === undefined ? [] : [[finishReason, at]],
        );
        expect(ends).to.deep.equal([[textAt(one, "finishReason"), heard.length - 1]]);
      });
    }
  }
});

/** `REPEAT n` is n words. */
function longOr(text: string): string {
  const [, times] = /^REPEAT (\d+)$/.exec(text) ?? [];
  return times === undefined ? text : "word ".repeat(Number(times));
}

function fromJson(event: unknown): Heard {
  return {
    sequence: numberAt(event, "sequence"),
    said: valueAt(event, "delta") === undefined ? undefined : textAt(event, "delta", "content"),
    finishReason:
      valueAt(event, "done") === undefined ? undefined : textAt(event, "done", "finishReason"),
  };
}
