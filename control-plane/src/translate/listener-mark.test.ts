import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { ListenerSchema } from "@smartcall/envoy/api/envoy/config/listener/v3/listener_pb.js";
import { expect } from "chai";
import type { Mesh } from "../model/mesh.ts";
import { translate } from "./index.ts";
import { listenerMark } from "./listener-mark.ts";
import { agent, contract, mesh, tableOf } from "./mesh-sketch.test.ts";

describe("the mark of a listener", () => {
  const markOf = (parts: MessageInitShape<typeof ListenerSchema>): string =>
    listenerMark((mark) => create(ListenerSchema, { ...parts, statPrefix: mark }));

  it("is another one for every change of the listener, be it of the mesh or of Smart Call", () => {
    const parts = { name: "edge", perConnectionBufferLimitBytes: 1024 };
    const marks = [
      markOf(parts),
      markOf({ ...parts, perConnectionBufferLimitBytes: 2048 }),
      markOf({ ...parts, name: "other" }),
      markOf({ ...parts, filterChains: [{ name: "one more" }] }),
      markOf({ ...parts, tcpBacklogSize: 9 }),
    ];
    expect(new Set(marks).size).to.equal(marks.length);
    expect(markOf({ ...parts })).to.equal(marks[0]);
  });

  it("is in the listener and in the table, and stays where the listener does", () => {
    const { gateway } = mesh({});
    const { https } = gateway;
    const first = told(mesh({}));
    expect(first).to.match(/^[0-9a-f]{16}$/);
    expect(told(mesh({ agents: [agent("poet")], routes: [] }))).to.equal(first);
    const changes: readonly Partial<Mesh["gateway"]>[] = [
      { https: { ...https, port: 9443 } },
      { bounds: { connections: 7 } },
      { bounds: { headersKiB: 512 } },
    ];
    const others = changes.map((change) => told(mesh({ gateway: { ...gateway, ...change } })));
    expect(new Set([first, ...others]).size).to.equal(changes.length + 1);
  });
});

/** What the table says of the listener, which says it too. */
function told(of: Mesh): string {
  const page = tableOf(of).find(({ name }) => name === "healthz");
  const mark = page?.responseHeadersToAdd[0]?.header?.value ?? "";
  const [listener] = translate(of, contract).listener;
  if (listener === undefined) return expect.fail("no listener");
  expect(Buffer.from(toBinary(ListenerSchema, listener.message)).includes(mark)).to.equal(true);
  return mark;
}
