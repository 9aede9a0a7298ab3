// A control plane that says what a test wants, over TLS with a certificate of a real authority.

import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Outcome, openAuthority, openDirectoryState } from "../../state/index.ts";
import type { Terminal } from "../up/terminal.ts";
import type { ServerSettings } from "./server-settings.ts";

/** The server, and what it was asked. */
export interface Rig {
  readonly folder: string;
  readonly caFile: string;
  /** The file with its certificate and key. */
  readonly certificateFile: string;
  readonly port: number;
  readonly url: string;
  readonly asked: Asked[];
  /** Settings that lead to it. */
  readonly settings: ServerSettings;
  /** What it answers from now on. */
  answer: RequestListener;
  close(): Promise<void>;
}

/** One request. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly token: string;
  readonly body: string;
}

export async function startRig(): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), "smartcall-remote-"));
  const now = new Date();
  const report = (): void => undefined;
  const state = must(await openDirectoryState(folder));
  const authority = must(await openAuthority(state, { mesh: "demo", now, report }));
  const { certificate: cert, privateKey: key } = await authority.issueServerIdentity({
    commonName: "test",
    names: [{ type: "dns", value: "localhost" }],
    validFrom: new Date(now.getTime() - 60_000),
    validUntil: new Date(now.getTime() + 600_000),
  });
  const certificateFile = join(folder, "server.pem");
  await writeFile(certificateFile, cert);
  const asked: Asked[] = [];
  const server = createServer({ cert, key }, (request, response) => {
    void read(request).then((one) => {
      asked.push(one);
      rig.answer(request, response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = addressOf(server.address());
  const url = `https://localhost:${port}`;
  const caFile = authority.certificatePath;
  const rig: Rig = {
    folder,
    caFile,
    certificateFile,
    port,
    url,
    asked,
    settings: { server: url, token: "t.o.k", trust: caFile, stateFolder: join(folder, "none") },
    answer: (_, response) => response.end(),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
  return rig;
}

/** Answers with JSON. */
export function json(value: unknown, status = 200): RequestListener {
  return (_, response: ServerResponse) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  };
}

/** A terminal that keeps what is said, in plain text. */
export function plainTerminal(said: string[] = []): Terminal {
  const same = (text: string): string => text;
  return {
    say: (line) => said.push(line),
    good: (line) => said.push(`✓ ${line}`),
    bad: (line) => said.push(`✗ ${line}`),
    dim: same,
    bold: same,
    red: same,
    yellow: same,
  };
}

export function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value;
}

async function read(request: IncomingMessage): Promise<Asked> {
  let body = "";
  for await (const piece of request) body += String(piece);
  const { method = "", url = "", headers } = request;
  return { method, path: url, token: headers.authorization ?? "", body };
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  return address;
}
