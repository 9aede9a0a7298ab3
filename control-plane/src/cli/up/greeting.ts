// What is printed once the mesh is ready: how to call it, trust it, watch it, stop it.

import type { Edge } from "../edge/edge.ts";
import type { Terminal } from "./terminal.ts";

/** What the greeting tells of. */
export interface Greeting {
  readonly edge: Edge;
  readonly token: ShownToken;
  /** The agents that were started, in the order of the setting; the lines call the first. */
  readonly agents: readonly string[];
  /** Such as `http://127.0.0.1:9000`. */
  readonly admin: string;
  readonly logs: string;
}

/** A token is shown to a person only; what is written to a file gets the command that makes one. */
export type ShownToken =
  | { readonly kind: "token"; readonly token: string; readonly hours: number }
  | { readonly kind: "command"; readonly words: readonly string[] };

/** The lines of the greeting. */
export function greeting(about: Greeting, { bold, dim }: Terminal): readonly string[] {
  const [agent] = about.agents;
  return [
    "",
    bold(`The mesh "${about.edge.mesh}" is up at ${about.edge.url}`),
    ...(agent === undefined ? noAgent : callLines(about, agent, dim)),
    "",
    ...trustLines(about.edge),
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
    trustFlags(about.edge),
    `-H "authorization: Bearer ${inShell(about.token)}"`,
    "-H 'content-type: application/json'",
    `-d '${body}'`,
    `${about.edge.url}/v1/agents/${agent}:${method}`,
  ].join(" ");
}

function inShell(token: ShownToken): string {
  return token.kind === "token" ? token.token : `$(${token.words.map(quote).join(" ")})`;
}

function trustLines(edge: Edge): readonly string[] {
  const file = quote(edge.trustFile);
  const curl = `  curl    curl ${trustFlags(edge)} …`;
  if (!edge.isAnchor) {
    return [
      `Its certificate is your own: ${edge.trustFile}`,
      "Clients that trust its authority take it; that one's certificate is not in the file.",
      `${curl}   (takes this one itself)`,
    ];
  }
  return [
    `Trust its certificates: ${edge.trustFile}`,
    curl,
    `  Node    NODE_EXTRA_CA_CERTS=${file} node …`,
    `  Python  SSL_CERT_FILE=${file} python3 …`,
  ];
}

/** What curl needs to know: whom to trust, and where the name in the URL is. */
function trustFlags({ url, connectTo, trustFile }: Edge): string {
  const trust = `--cacert ${quote(trustFile)}`;
  return connectTo === undefined
    ? trust
    : `${trust} --connect-to ${url.replace("https://", "")}:${connectTo}`;
}

const noAgent = ["", "No agent was started: set SMARTCALL_AGENTS, or start one with `npm start`."];

function callLines(about: Greeting, agent: string, dim: (t: string) => string): readonly string[] {
  const { token } = about;
  const lasts =
    token.kind === "token" ? `the token lasts ${token.hours} hours` : "with a new token";
  return [
    "",
    `Ask ${agent} in another terminal ${dim(`(${lasts})`)}:`,
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
