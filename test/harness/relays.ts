// A mesh of relays, agents that hand calls on, each with its sidecar; and what happened to them.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { credentials } from "@grpc/grpc-js";
import { AgentServiceClient } from "@smartcall/protos";
import { type RelayNote, relayFile, relayName } from "../agents/relay.ts";
import { type Child, endGroup, startChild } from "./child.ts";
import { eventually } from "./eventually.ts";
import { type GrpcCall, type GrpcReply, metadataOf } from "./grpc.ts";
import { type Mesh, startMesh } from "./mesh.ts";
import { asking, callRest, type RestReply } from "./rest.ts";

/** A call, beside its path. */
export interface RelayCall {
  /** Who is asked first. Default: `a`. */
  readonly first?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The running mesh. */
export interface Relays {
  readonly mesh: Mesh;
  readonly names: readonly string[];
  relay(name: string): Child;
  /** Asks relay after relay, such as `b>c>end`, by the gateway. */
  ask(path: string, call?: RelayCall): Promise<RestReply>;
  /** Calls `Invoke` on the socket on which a relay's sidecar takes its agent's calls. */
  askAs(
    name: string,
    call: Pick<GrpcCall, "agent" | "token" | "metadata" | "request">,
  ): Promise<GrpcReply>;
  /** What has happened since `forget` was last called, in order. */
  notes(): readonly RelayNote[];
  forget(): void;
  stop(): Promise<void>;
}

/**
 * Starts it, and waits until a call has gone all the way.
 *
 * @param said what `mesh.yaml` says of each relay, by name
 * @param way a path that is answered, from the first relay on
 */
export async function startRelays(
  said: Readonly<Record<string, string>>,
  way: string,
): Promise<Relays> {
  const names = Object.keys(said);
  const [first = ""] = names;
  const mesh = await startMesh({ services: [], listed: names, said });
  const file = join(mesh.folder, "notes");
  const forget = (): void => writeFileSync(file, "");
  forget();
  const program = fileURLToPath(new URL("../agents/relay.js", import.meta.url));
  const children = new Map<string, Child>();
  for (const name of names) {
    const env = { ...mesh.env, [relayName]: name, [relayFile]: file };
    children.set(name, startChild(process.execPath, [program], { cwd: mesh.folder, env }));
  }
  const relay = (name: string): Child => {
    const child = children.get(name);
    if (child === undefined) throw new Error(`no relay ${name}`);
    return child;
  };
  const relays: Relays = {
    mesh,
    names,
    relay,
    ask: async (path, call = {}) =>
      callRest(mesh, {
        path: `/v1/agents/${call.first ?? first}:invoke`,
        token: call.token ?? (await mesh.token()),
        body: asking(path),
        ...(call.headers && { headers: call.headers }),
      }),
    askAs: (name, call) => invokeAt(callsOf(relay(name)), call),
    notes: () => readFileSync(file, "utf8").split("\n").filter(Boolean).map(noteOf),
    forget,
    async stop() {
      for (const child of children.values()) await endGroup(child);
      await mesh.stop();
    },
  };
  try {
    await eventually(
      async () => {
        const { status, text } = await relays.ask(way);
        if (status !== 200) throw new Error(`the relays do not answer: ${text}`);
      },
      { withinMs: 60_000 },
    );
  } catch (error) {
    await relays.stop();
    throw error;
  }
  return relays;
}

function noteOf(line: string): RelayNote {
  return JSON.parse(line);
}

/** Where an agent's sidecar takes its calls to others: beside the socket that the agent has told. */
function callsOf(relay: Child): string {
  const [, folder] = /"unix:(.+?)\/agent\.sock"/.exec(relay.output()) ?? [];
  if (folder === undefined) throw new Error(`no socket is told: ${relay.output()}`);
  return `unix:${folder}/calls.sock`;
}

async function invokeAt(
  target: string,
  call: Pick<GrpcCall, "agent" | "token" | "metadata" | "request">,
): Promise<GrpcReply> {
  const client = new AgentServiceClient(target, credentials.createInsecure());
  const deadline = Date.now() + 20_000;
  try {
    return await new Promise((resolve) => {
      client.invoke(call.request, metadataOf(call), { deadline }, (error, response) => {
        if (error !== null) resolve({ ok: false, error });
        else if (response !== undefined) resolve({ ok: true, response });
      });
    });
  } finally {
    client.close();
  }
}
