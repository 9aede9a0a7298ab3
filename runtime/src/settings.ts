// Every setting of every process: one row each of one table.

import { dirname, join } from "node:path";
import type { Setting } from "./setting.ts";
import {
  anyAddress,
  anyText,
  duration,
  hosts,
  ipAddress,
  labels,
  localEndpoint,
  localEndpoints,
  loopbackAddress,
  oneOf,
  path,
  paths,
  redisUrl,
  serverUrl,
} from "./setting-parsers.ts";
import { logLevels, type SettingName, type SettingValues } from "./setting-values.ts";

/** The table. */
export const settings: { readonly [K in SettingName]: Setting<SettingValues[K]> } = {
  controlPlane: {
    flag: "--control-plane",
    variable: "SMARTCALL_CONTROL_PLANE",
    placeholder: "ADDRESS",
    default: "`127.0.0.1:18000`",
    meaning:
      "Where the control plane serves xDS and leases to this machine, on loopback; for a gateway or an agent on another machine the control plane's `--nodes`, which it reaches over TLS.",
    running: (run) => run.controlPlane,
    parse: anyAddress,
    fallback: () => ({ host: "127.0.0.1", port: 18000 }),
  },
  nodes: {
    flag: "--nodes",
    variable: "SMARTCALL_NODES",
    placeholder: "ADDRESS",
    default: "none",
    meaning:
      "Where the control plane serves xDS and leases to other machines, such as `0.0.0.0:18443`. Over TLS, to nodes with a join token of their own.",
    parse: anyAddress,
    fallback: () => undefined,
  },
  nodeNames: {
    flag: "--node-names",
    variable: "SMARTCALL_NODE_NAMES",
    placeholder: "NAMES",
    default: "none",
    meaning:
      "By what other names and IP addresses other machines reach it there, with commas between them; its certificate is for these too.",
    parse: hosts,
    fallback: () => [],
  },
  joinTokenFile: {
    flag: "--join-token-file",
    variable: "SMARTCALL_JOIN_TOKEN_FILE",
    placeholder: "FILE",
    default: "`join-token` in the state folder",
    meaning:
      "The file of the token that a gateway or an agent proves itself to the control plane with. On another machine: what `smartcall join` printed.",
    parse: path,
    fallback: (stateFolder) => join(stateFolder, "join-token"),
  },
  adminAddress: {
    flag: "--admin",
    variable: "SMARTCALL_ADMIN",
    placeholder: "ADDRESS",
    default: "`127.0.0.1:9000`",
    meaning:
      "Where the control plane serves the operator's pages. Anywhere but on loopback over TLS, and to tokens with the scope `mesh:admin` only.",
    running: (run) => run.admin,
    parse: anyAddress,
    fallback: () => ({ host: "127.0.0.1", port: 9000 }),
  },
  adminNames: {
    flag: "--admin-names",
    variable: "SMARTCALL_ADMIN_NAMES",
    placeholder: "NAMES",
    default: "none",
    meaning:
      "By what other names and IP addresses these pages are reached, with commas between them; their certificate is for these too.",
    parse: hosts,
    fallback: () => [],
  },
  adminCertificate: {
    flag: "--admin-cert",
    variable: "SMARTCALL_ADMIN_CERT",
    placeholder: "FILE",
    default: "one of the mesh's own authority",
    meaning: "The certificate of these pages, PEM, with those between it and its authority.",
    parse: path,
    fallback: () => undefined,
  },
  adminKey: {
    flag: "--admin-key",
    variable: "SMARTCALL_ADMIN_KEY",
    placeholder: "FILE",
    default: "none",
    meaning: "The private key of that certificate, PEM.",
    parse: path,
    fallback: () => undefined,
  },
  envoyAdminAddress: {
    flag: "--envoy-admin",
    variable: "SMARTCALL_ENVOY_ADMIN",
    placeholder: "ADDRESS",
    default: "`127.0.0.1:9901`",
    meaning: "Where the edge Envoy serves its own admin pages. On loopback only.",
    running: (run) => run.envoyAdmin,
    parse: loopbackAddress,
    fallback: () => ({ host: "127.0.0.1", port: 9901 }),
  },
  stateFolder: {
    flag: "--state",
    variable: "SMARTCALL_STATE",
    placeholder: "FOLDER",
    default: "the nearest `.smartcall` upward, else `.smartcall` here",
    meaning: "The folder of keys, certificates, state and logs.",
    parse: path,
    fallback: (stateFolder) => stateFolder,
  },
  meshFile: {
    flag: "--mesh",
    variable: "SMARTCALL_MESH",
    placeholder: "FILE",
    default: "`mesh.yaml` beside the state folder",
    meaning: "The file that describes the mesh.",
    running: (run) => run.meshFile,
    parse: path,
    fallback: (stateFolder) => join(dirname(stateFolder), "mesh.yaml"),
  },
  agents: {
    flag: "--agents",
    variable: "SMARTCALL_AGENTS",
    placeholder: "FOLDERS",
    default: "none; the Makefile names `assistant`, `echo` and `planner`",
    meaning: "The folders of the agents that `smartcall up` starts, with commas between them.",
    parse: paths,
    fallback: () => [],
  },
  envoyBin: {
    flag: "--envoy-bin",
    variable: "ENVOY_BIN",
    placeholder: "FILE",
    default: "a fitting `envoy` on PATH, else the one in `.venv`",
    meaning: "The Envoy binary.",
    parse: path,
    fallback: () => undefined,
  },
  drain: {
    flag: "--drain",
    variable: "SMARTCALL_DRAIN",
    placeholder: "TIME",
    default: "`10m`",
    meaning:
      "How long streams may run on when the listener that they came through is replaced, such as by another port, and turns of WebSockets when the realtime service ends; then they are cut.",
    parse: duration,
    fallback: () => 600,
  },
  model: {
    flag: "--model",
    variable: "SMARTCALL_MODEL",
    placeholder: "FILE",
    default: "SmolLM2-135M-Instruct in `.venv`",
    meaning: "The GGUF file of the language model that `assistant` answers with.",
    parse: path,
    fallback: () => undefined,
  },
  zone: {
    flag: "--zone",
    variable: "SMARTCALL_ZONE",
    placeholder: "NAME",
    default: "none",
    meaning:
      "The zone that an agent or a gateway runs in. Each sends its calls to instances of its own zone first.",
    parse: anyText,
    fallback: () => "",
  },
  labels: {
    flag: "--labels",
    variable: "SMARTCALL_LABELS",
    placeholder: "LABELS",
    default: "none",
    meaning: "What operators are shown of an agent's instance, such as `rack=7,gpu=yes`.",
    parse: labels,
    fallback: () => ({}),
  },
  sidecar: {
    flag: "--sidecar",
    variable: "SMARTCALL_SIDECAR",
    placeholder: "ADDRESS",
    default: "a free port, at the address that the control plane sees",
    meaning:
      "The IP address and the port where other machines reach an agent's sidecar. Port 0 is a free one.",
    parse: ipAddress,
    fallback: () => undefined,
  },
  quota: {
    flag: "--quota",
    variable: "SMARTCALL_QUOTA",
    placeholder: "SOCKETS",
    default: "`sockets/quota.sock` in the state folder",
    meaning:
      "Where gateways ask what callers may use: the Unix sockets or loopback addresses of the quota services, with commas between them.",
    parse: localEndpoints,
    fallback: (stateFolder) => [{ kind: "socket", path: join(stateFolder, "sockets/quota.sock") }],
  },
  quotaListen: {
    flag: "--quota-listen",
    variable: "SMARTCALL_QUOTA_LISTEN",
    placeholder: "SOCKET",
    default: "the first of `--quota`",
    meaning: "Which of these the quota service itself listens on.",
    parse: localEndpoint,
    fallback: () => undefined,
  },
  redisUrl: {
    flag: "--redis-url",
    variable: "REDIS_URL",
    placeholder: "URL",
    default: "none; SQLite in the state folder",
    meaning:
      "The Redis that the quota services of a fleet count in, such as `rediss://user:password@redis.example.com:6379/0`. Others can read flags: use the variable.",
    secret: true,
    parse: redisUrl,
    fallback: () => undefined,
  },
  gatewayFolder: {
    flag: "--gateway-folder",
    variable: "SMARTCALL_GATEWAY_FOLDER",
    placeholder: "FOLDER",
    default: "`gateways/edge` in the state folder",
    meaning:
      "The folder that a gateway's Envoy runs in, with the sockets between it and its realtime service.",
    parse: path,
    fallback: (stateFolder) => join(stateFolder, "gateways", "edge"),
  },
  server: {
    flag: "--server",
    variable: "SMARTCALL_SERVER",
    placeholder: "URL",
    default: "the mesh that runs here",
    meaning: "The control plane to talk to, such as `https://mesh.example.com:9000`.",
    parse: serverUrl,
    fallback: () => undefined,
  },
  token: {
    flag: "--token",
    variable: "SMARTCALL_TOKEN",
    placeholder: "TOKEN",
    default: "none; the mesh that runs here needs none",
    meaning:
      "The token to show it, with the scope `mesh:admin`. Others can read flags: use the variable.",
    secret: true,
    parse: anyText,
    fallback: () => undefined,
  },
  trust: {
    flag: "--ca",
    variable: "SMARTCALL_CA",
    placeholder: "FILE",
    default: "the public authorities",
    meaning:
      "The certificate of the authority that the control plane's own is from, PEM: the mesh's `ca.pem`. A gateway or an agent on another machine needs it.",
    parse: path,
    fallback: () => undefined,
  },
  logLevel: {
    flag: "--log-level",
    variable: "SMARTCALL_LOG_LEVEL",
    placeholder: "LEVEL",
    default: "`info`",
    meaning: `How much is logged: ${logLevels.join(", ")}.`,
    parse: oneOf(logLevels),
    fallback: () => "info",
  },
};

/** The names of all settings, in the order of the table. */
export const settingNames: readonly SettingName[] = Object.keys(settings).filter(isSettingName);

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settings, name);
}
