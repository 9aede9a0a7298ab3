// What is printed once the mesh is ready: how to call it, trust it, watch it, stop it.

import type { Terminal } from "./terminal.ts";

/** What the greeting tells of. */
export interface Greeting {
  readonly mesh: string;
  readonly url: string;
  /** The certificate of the mesh's authority, absolute. */
  readonly ca: string;
  readonly token: string;
  readonly tokenHours: number;
  /** The agents that were started, in the order of the setting. */
  readonly agents: readonly string[];
  /** Such as `http://127.0.0.1:9000`. */
  readonly admin: string;
  readonly logs: string;
}

/** The agent that the printed line calls where it runs. */
const favourite = "assistant";

/** The lines of the greeting. */
export function greeting(about: Greeting, { bold, dim }: Terminal): readonly string[] {
  const agent = about.agents.includes(favourite) ? favourite : about.agents[0];
  return [
    "",
    bold(`The mesh "${about.mesh}" is up at ${about.url}`),
    ...(agent === undefined ? noAgent : callLines(about, agent, dim)),
    "",
    `Trust its certificates: ${about.ca}`,
    `  curl    curl --cacert ${quote(about.ca)} …`,
    `  Node    NODE_EXTRA_CA_CERTS=${quote(about.ca)} node …`,
    `  Python  SSL_CERT_FILE=${quote(about.ca)} python3 …`,
    "",
    `Operator's pages  ${about.admin}`,
    `Logs              ${about.logs}`,
    "Stop              Ctrl-C",
    "",
  ];
}

/** The line that calls an agent, to be pasted into a shell. */
export function curlLine(about: Greeting, agent: string, method: "invoke" | "stream"): string {
  const body = JSON.stringify({
    messages: [{ role: "user", content: "What is the capital of France?" }],
  });
  return [
    method === "stream" ? "curl --http1.1 -sSN" : "curl --http1.1 -sS -w '\\n'",
    `--cacert ${quote(about.ca)}`,
    `-H 'authorization: Bearer ${about.token}'`,
    "-H 'content-type: application/json'",
    `-d '${body}'`,
    `${about.url}/v1/agents/${agent}:${method}`,
  ].join(" ");
}

const noAgent = ["", "No agent was started: set SMARTCALL_AGENTS, or start one with `npm start`."];

function callLines(about: Greeting, agent: string, dim: (t: string) => string): readonly string[] {
  return [
    "",
    `Ask ${agent} in another terminal ${dim(`(the token lasts ${about.tokenHours} hours)`)}:`,
    "",
    curlLine(about, agent, "invoke"),
    "",
    "The same, word by word as it comes:",
    "",
    curlLine(about, agent, "stream"),
  ];
}

/** As a shell reads it back. */
function quote(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
