// Writes all that is generated from the contract into one folder.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { allMessages } from "./all-messages.ts";

/** The protos that are compiled; all else they import comes with the runtime. */
const sources = [
  "smartcall/v1/agent.proto",
  "smartcall/v1/directory.proto",
  "smartcall/v1/lease.proto",
  "smartcall/v1/quota.proto",
  "smartcall/v1/rules.proto",
  "google/api/annotations.proto",
  "google/api/field_behavior.proto",
  "google/api/http.proto",
  "google/api/httpbody.proto",
  "google/rpc/code.proto",
  "google/rpc/error_details.proto",
  "google/rpc/status.proto",
] as const;

const readme = `# Generated: do not edit

\`make generate\`, or \`node protos/dist/generate.js\`, writes this folder from the
\`.proto\` files beside it; \`node protos/dist/generate.js --check\` says whether it is
up to date. \`smartcall.binpb\` is the same contract as a FileDescriptorSet;
\`comments.binpb\` is the part of it that is ours, with its comments.
`;

/**
 * Empties `folder` and writes the generated JavaScript, its types and the
 * descriptor set into it. Throws with protoc's own words where a proto is wrong.
 */
export function writeGenerated(protoc: string, protos: string, folder: string): void {
  const packages = createRequire(import.meta.url);
  const googleProtos = dirname(packages.resolve("google-proto-files/package.json"));
  // Other packages own a bin of the same name, so the plugin is named by its path.
  const plugin = join(
    dirname(packages.resolve("ts-protoc-gen/package.json")),
    "bin",
    "protoc-gen-ts",
  );
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync(
    protoc,
    [
      `--proto_path=${protos}`,
      `--proto_path=${googleProtos}`,
      `--plugin=protoc-gen-ts=${plugin}`,
      `--js_out=import_style=commonjs,binary:${folder}`,
      `--ts_out=service=grpc-node,mode=grpc-js:${folder}`,
      "--include_imports",
      `--descriptor_set_out=${join(folder, "smartcall.binpb")}`,
      ...sources,
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  execFileSync(protoc, [
    `--proto_path=${protos}`,
    `--proto_path=${googleProtos}`,
    "--include_source_info",
    `--descriptor_set_out=${join(folder, "comments.binpb")}`,
    ...sources.filter((source) => /^smartcall|status.proto$/.test(source)),
  ]);
  dropEmptyTypes(folder);
  writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }\n');
  writeFileSync(join(folder, "README.md"), readme);
  for (const [name, text] of Object.entries(allMessages())) writeFileSync(join(folder, name), text);
}

/** The plugin writes service types also for protos without a service. */
function dropEmptyTypes(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith("_grpc_pb.d.ts")) continue;
    const path = join(folder, name);
    if (!readFileSync(path, "utf8").includes("export ")) rmSync(path);
  }
}
