// Writes the module that has all generated messages, each proto's under one name.
//
// It requires them: where Node imports CommonJS it reads each file twice, the first time only for
// the names that it exports, and these are large.

/** The names, and the modules behind them. */
const modules = {
  anyPb: "google-protobuf/google/protobuf/any_pb.js",
  durationPb: "google-protobuf/google/protobuf/duration_pb.js",
  structPb: "google-protobuf/google/protobuf/struct_pb.js",
  timestampPb: "google-protobuf/google/protobuf/timestamp_pb.js",
  httpBodyPb: "./google/api/httpbody_pb.js",
  codePb: "./google/rpc/code_pb.js",
  errorDetailsPb: "./google/rpc/error_details_pb.js",
  statusPb: "./google/rpc/status_pb.js",
  agentPb: "./smartcall/v1/agent_pb.js",
  directoryPb: "./smartcall/v1/directory_pb.js",
  leasePb: "./smartcall/v1/lease_pb.js",
  quotaPb: "./smartcall/v1/quota_pb.js",
} as const;

/** The module and its types, by their names in the generated folder. */
export function allMessages(): Readonly<Record<string, string>> {
  const entries = Object.entries(modules);
  const required = entries.map(([name, path]) => `exports.${name} = require("${path}");`);
  const typed = entries.map(([name, path]) => `import ${name} = require("${path}");`);
  const names = entries.map(([name]) => name).join(", ");
  return {
    "messages.js": `${['"use strict";', ...required].join("\n")}\n`,
    "messages.d.ts": `${[...typed, `export { ${names} };`].join("\n")}\n`,
  };
}
