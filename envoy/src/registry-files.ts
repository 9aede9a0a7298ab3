// Writes the module that holds every message of the API, for Any and for JSON.

/** The module `registry.js` and its types, over the named protos. */
export function registryFiles(
  protos: readonly string[],
): readonly { readonly name: string; readonly content: string }[] {
  const modules = protos.map((proto, index) => ({
    local: `file_${index}`,
    // protoc-gen-es names a file's descriptor after its path.
    exported: `file_${proto.replace(/\.proto$/, "").replaceAll(/[^A-Za-z0-9]/g, "_")}`,
    path: `./${proto.replace(/\.proto$/, "_pb.js")}`,
  }));
  const imports = modules.map(
    ({ local, exported, path }) => `import { ${exported} as ${local} } from "${path}";`,
  );
  const locals = modules.map(({ local }) => local).join(", ");
  return [
    {
      name: "registry.js",
      content: [
        `import { createRegistry } from "@bufbuild/protobuf";`,
        `import * as wkt from "@bufbuild/protobuf/wkt";`,
        ...imports,
        `const builtIn = Object.values(wkt).filter((value) => value?.kind === "file");`,
        `export const registry = createRegistry(...builtIn, ${locals});`,
        "",
      ].join("\n"),
    },
    {
      name: "registry.d.ts",
      content: [
        `import type { Registry } from "@bufbuild/protobuf";`,
        "/** Every message of Envoy's API that we use, and what protobuf has built in. */",
        "export declare const registry: Registry;",
        "",
      ].join("\n"),
    },
  ];
}
