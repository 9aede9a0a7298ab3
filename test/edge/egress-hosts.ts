// Hosts outside the mesh of every kind that there is, and the sidecar of an agent that calls them.
import { connect } from "node:net";
import type { Egress } from "@smartcall/control-plane/dist/model/egress.js";
import { expect } from "chai";
import { type Identity, makeIdentity } from "../harness/certificates.ts";
import { freePorts } from "../harness/ports.ts";
import { type EgressSidecar, startEgressSidecar } from "./egress-sidecar.ts";
import { origin } from "./mesh-of.ts";
import { type Provider, startProvider } from "./provider.ts";

/** What the hosts ask for, and no program of the agent has. */
export const key = "sk-of-the-provider-0123456789";

/** The sidecar of the agent `planner`, and whom it can call. */
export interface EgressHosts {
  readonly sidecar: EgressSidecar;
  readonly provider: Provider;
  /** One that speaks no HTTP/2. */
  readonly oldProvider: Provider;
  /** One whose certificate is for another host. */
  readonly impostor: Provider;
  /** A certificate for the host of `provider`, by the authority that is believed or another one. */
  identityBy(authority?: Identity): Promise<Identity>;
  /** What was published. */
  readonly egress: readonly Egress[];
  /** One more name for the provider. */
  named(name: string, more?: Partial<Egress>): Egress;
  /** What the sidecar answers to a reading. */
  call(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** The same where it is the envelope of a refusal. */
  told(path: string): Promise<ToldRefusal>;
  /** What it answers to these lines of HTTP/1.1. */
  raw(...lines: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

/** An answer, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What the envelope of a refusal says. */
export interface ToldRefusal {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Starts all of them. */
export async function startEgressHosts(): Promise<EgressHosts> {
  const authority = await makeIdentity("authority", []);
  const identityBy = (by = authority) => makeIdentity("provider", ["localhost"], by);
  const here = await identityBy();
  const provider = await startProvider(here);
  const oldProvider = await startProvider(here, true);
  const impostor = await startProvider(
    await makeIdentity("impostor", ["other.example"], authority),
  );
  const [nobody = 0] = await freePorts(1);
  const named = (name: string, more: Partial<Egress> = {}): Egress => ({
    name,
    host: "localhost",
    port: provider.port,
    authorities: authority.cert,
    key: { header: "authorization", prefix: "Bearer ", value: key },
    timeoutMs: 20_000,
    origin,
    ...more,
  });
  const egress = [
    named("anthropic", { key: { header: "x-api-key", prefix: "", value: key } }),
    named("down", { port: nobody }),
    named("impostor", { port: impostor.port }),
    named("impostor-address", { port: impostor.port, host: "127.0.0.1" }),
    named("keyless", { key: { header: "authorization", prefix: "Bearer ", value: "" } }),
    named("nowhere", { host: "nowhere.invalid" }),
    named("old", { port: oldProvider.port }),
    named("openai"),
    named("others", { agents: ["writer"] }),
    named("public", { key: undefined }),
    named("slow", { timeoutMs: 500 }),
    named("unbelieved", { authorities: undefined }),
  ];
  const sidecar = await startEgressSidecar("planner", egress);
  const call = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(`${sidecar.url}${path}`, { headers });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text };
  };
  return {
    sidecar,
    provider,
    oldProvider,
    impostor,
    identityBy,
    egress,
    named,
    call,
    told: async (path) => {
      const { status, text } = await call(path);
      const { code, details, message } = JSON.parse(text).error;
      expect(code).to.equal(status);
      const [{ metadata, reason }] = details;
      return { status, reason, message, metadata };
    },
    raw: (...lines) => say(sidecar.port, `${[...lines, "connection: close"].join("\r\n")}\r\n\r\n`),
    stop: async () => {
      await sidecar.stop();
      for (const each of [provider, oldProvider, impostor]) await each.stop();
    },
  };
}

/** All that a server answers to this text. */
function say(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    let answer = "";
    socket.on("data", (chunk) => {
      answer += `${chunk}`;
    });
    socket.once("error", reject);
    socket.once("close", () => resolve(answer));
  });
}
