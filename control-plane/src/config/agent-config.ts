// What operators wrote of one agent, typed, with places.

import type { InstanceAddress } from "../source/instance.ts";
import type { Origin } from "../source/origin.ts";
import type { FileReference } from "./file-path.ts";
import type { Located } from "./schema/collections.ts";
import type { Flaws } from "./schema/flaws.ts";

/** One agent. */
export interface AgentConfig {
  /** Where instances are besides those that come by lease. */
  readonly instances: InstancesConfig | undefined;
  /** The agents that it may call; absent, none. */
  readonly calls: readonly Located<string>[] | undefined;
  /** `false` keeps callers from outside away. */
  readonly expose: Located<boolean> | undefined;
  readonly balance: BalanceConfig;
  /** How many calls one instance runs at once; absent, it is for the instance to say. */
  readonly concurrency: number | undefined;
  /** Absent, the standard. */
  readonly ejection: EjectionConfig | "never" | undefined;
  readonly flawed: Flaws;
  readonly at: Origin;
}

/** Instances that do not register themselves. */
export interface InstancesConfig {
  readonly static: readonly Located<StaticAddress>[] | undefined;
  readonly dns: Located<HostAndPort> | undefined;
  /** Absent: those on this machine are plain, others are sidecars. */
  readonly tls: TlsConfig | undefined;
  /** Whether there are sidecars, wherever they are. */
  readonly sidecars: Located<boolean> | undefined;
  readonly flawed: Flaws;
  readonly at: Origin;
}

/** An address as it was written, and what it means. */
export interface StaticAddress {
  readonly text: string;
  readonly address: InstanceAddress;
}

/** A name that DNS knows, and a port. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** How an agent's instances prove themselves. */
export interface TlsConfig {
  /** PEM: the authorities whose certificates are taken. */
  readonly ca: FileReference;
  /** The name that their certificates must have; absent, what they are reached by. */
  readonly name: Located<string> | undefined;
  readonly flawed: Flaws;
  readonly at: Origin;
}

/** Which of its instances takes a call. */
export type BalanceConfig =
  | { readonly kind: "least-request" }
  /** Callers alike in a claim meet the same one. */
  | { readonly kind: "claim"; readonly claim: string }
  /** Calls alike in a header, its name in lower case. */
  | { readonly kind: "header"; readonly header: string };

/** When an instance that fails is left alone for a while. */
export interface EjectionConfig {
  /** After so many failures one after the other. */
  readonly failures: number;
  /** Milliseconds. */
  readonly for: number;
  /** Percent of the agent's instances. */
  readonly most: number;
}
