// A mesh as an operator writes it, for the gateway of a test.
import { checkFiles } from "@smartcall/control-plane/dist/config/check-files.js";
import { buildMesh } from "@smartcall/control-plane/dist/model/build-mesh.js";
import type { Mesh } from "@smartcall/control-plane/dist/model/mesh.js";
import type { Instance } from "@smartcall/control-plane/dist/source/instance.js";
import type { MeshParts } from "./mesh-of.ts";

/**
 * What `text` describes, with the gateway and the keys of the test. Every name
 * in `ports` stands in it, as `$name`, for `127.0.0.1:PORT`.
 *
 * @param path where the file would be, if it names others
 * @param instances those that do not stand in it
 */
export async function writtenMesh(
  text: string,
  ports: Readonly<Record<string, number>>,
  options: {
    readonly path?: string;
    readonly instances?: () => ReadonlyMap<string, readonly Instance[]>;
  } = {},
): Promise<(parts: MeshParts) => Mesh> {
  const { path = "mesh.yaml", instances = () => new Map() } = options;
  const filled = text.replaceAll(/\$(\w+)/g, (_, name: string) => {
    const port = ports[name];
    if (port === undefined) throw new Error(`no port for ${name}`);
    return `127.0.0.1:${port}`;
  });
  const files = [{ name: path, text: filled }];
  const checked = await checkFiles({ kind: "files", files, hash: "" }, new Date());
  if (!checked.ok) {
    throw new Error(checked.diagnostics.map((each) => checked.show(each)).join("\n"));
  }
  const { authorities, config, egressAuthorities, egressKeys } = checked;
  return ({ gateway, issuer }) => {
    const mesh = buildMesh(config, {
      instances: instances(),
      authorities,
      egressAuthorities,
      egressKeys,
      certificate: gateway.https.certificate,
      issuerKeys: issuer.keys,
    });
    return { ...mesh, gateway: { ...mesh.gateway, ...gateway }, issuers: [issuer] };
  };
}
