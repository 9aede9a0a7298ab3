import { fromBinary } from "@bufbuild/protobuf";
import { ListenerSchema } from "@smartcall/envoy/api/envoy/config/listener/v3/listener_pb.js";
import { expect } from "chai";
import { parseMesh } from "../config/parse-mesh.ts";
import { buildMesh } from "../model/build-mesh.ts";
import { translate } from "../translate/index.ts";
import { resourceTypes } from "./compare.ts";
import { createOwnPorts } from "./own-port.ts";
import { snapshotOf } from "./snapshot-of.ts";
import { type View, viewOf } from "./view.ts";

function viewOfMesh(): View {
  const text = "mesh: demo\ngateway: { https: { port: 8443 } }\nagents: { echo: {} }\n";
  const parsed = parseMesh([{ name: "mesh.yaml", text }]);
  if (!parsed.ok) return expect.fail("the mesh is not good");
  const mesh = buildMesh(parsed.config, {
    instances: new Map(),
    certificate: { certificateChain: "chain", privateKey: "key" },
    issuerKeys: '{"keys":[]}',
  });
  return viewOf(snapshotOf(translate(mesh, new Uint8Array())), undefined);
}

function portOf(view: View): unknown {
  const [listener] = view.snapshot.listener.values();
  if (listener === undefined) return undefined;
  const address = fromBinary(ListenerSchema, listener.body).address?.address;
  return address?.case === "socketAddress" ? address.value.portSpecifier.value : undefined;
}

describe("the view of a gateway with a port of its own", () => {
  const view = viewOfMesh();
  const withPort = createOwnPorts();
  const own = withPort(view, 8444);

  it("has another port in the listener, and so another version of it", () => {
    expect([portOf(view), portOf(own)]).to.deep.equal([8443, 8444]);
    expect(own.versions.listener).to.not.equal(view.versions.listener);
    const [listener] = own.snapshot.listener.values();
    const [before] = view.snapshot.listener.values();
    expect(listener?.origin).to.deep.equal(before?.origin);
    expect(listener && own.references.get(listener)).to.deep.equal(
      before && view.references.get(before),
    );
  });

  it("shares all else, down to the same bytes", () => {
    for (const type of resourceTypes.filter((each) => each !== "listener")) {
      expect(own.versions[type], type).to.equal(view.versions[type]);
      for (const [name, resource] of view.snapshot[type]) {
        expect(own.snapshot[type].get(name), `${type} ${name}`).to.equal(resource);
      }
    }
  });

  it("is made once", () => {
    expect(withPort(view, 8444)).to.equal(own);
    expect(withPort(view, 8445)).to.not.equal(own);
    expect(portOf(withPort(viewOfMesh(), 8444))).to.equal(8444);
  });
});
