// How long each stage takes on the way from the text of a mesh.yaml to the message for Envoy.
import { checkMesh } from "@smartcall/control-plane/dist/config/checks/mesh.js";
import { mesh } from "@smartcall/control-plane/dist/config/language/mesh.js";
import { readPart } from "@smartcall/control-plane/dist/config/schema/type.js";
import { readDocument } from "@smartcall/control-plane/dist/config/yaml/read-document.js";
import { buildMesh } from "@smartcall/control-plane/dist/model/build-mesh.js";
import { danglingReferences } from "@smartcall/control-plane/dist/snapshot/consistency.js";
import { snapshotOf } from "@smartcall/control-plane/dist/snapshot/snapshot-of.js";
import { type View, viewOf } from "@smartcall/control-plane/dist/snapshot/view.js";
import { translate } from "@smartcall/control-plane/dist/translate/index.js";
import { descriptorSet } from "@smartcall/protos";

/** The stages by name, in milliseconds each. */
export type Stages = ReadonlyMap<string, number>;

/** Passes a text through all stages; `before` is the view of the text before it. */
export function passThrough(
  text: string,
  before: View | undefined,
): { readonly stages: Stages; readonly view: View; readonly megabytes: number } {
  const stages = new Map<string, number>();
  const measured = <T>(name: string, work: () => T): T => {
    const begin = performance.now();
    const result = work();
    stages.set(name, performance.now() - begin);
    return result;
  };
  const fail = (problem: { readonly message: string }): never => {
    throw new Error(problem.message);
  };
  const tree = measured("read the YAML", () => readDocument("mesh.yaml", text, fail));
  const config = measured(
    "read the language",
    () => tree && readPart(mesh, tree, "the file", fail),
  );
  if (config === undefined) throw new Error("the mesh could not be read");
  measured("check the routes", () => checkMesh(config, fail));
  const model = measured("build the mesh", () =>
    buildMesh(config, {
      instances: new Map(),
      authorities: new Map(),
      certificate: { certificateChain: "chain", privateKey: "key" },
      issuerKeys: '{"keys":[]}',
    }),
  );
  const translation = measured("translate", () => translate(model, descriptorSet()));
  const snapshot = measured("serialise, hash", () => snapshotOf(translation));
  const view = measured("find references", () => viewOf(snapshot, before));
  measured("check them", () => danglingReferences(view.snapshot, view.references));
  const bytes = [...view.snapshot.route.values()].reduce((sum, { body }) => sum + body.length, 0);
  return { stages, view, megabytes: bytes / 1e6 };
}
