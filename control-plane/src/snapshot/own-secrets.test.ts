import { expect } from "chai";
import { emptySnapshot } from "./compare.ts";
import { createOwnSecrets } from "./own-secrets.ts";
import { viewOf } from "./view.ts";

describe("secrets", () => {
  const body = new Uint8Array();
  const secret = new Map([["edge-certificate", { name: "edge-certificate", version: "1", body }]]);
  const cluster = new Map([["a", { name: "a", version: "1", body }]]);
  const view = viewOf({ ...emptySnapshot, secret, cluster }, undefined);
  const ownSecrets = createOwnSecrets();

  it("A60 are for gateways, as all else is", () => {
    expect(ownSecrets(view, "gateway")).to.equal(view);
  });

  it("A60 are for nobody of another kind, or of none", () => {
    for (const kind of ["sidecar", "Gateway", "", "gateway "]) {
      const { snapshot } = ownSecrets(view, kind);
      expect([...snapshot.secret], kind).to.deep.equal([]);
      expect([...snapshot.cluster.keys()], kind).to.deep.equal(["a"]);
    }
    expect(ownSecrets(view, "one")).to.equal(ownSecrets(view, "other"));
  });
});
