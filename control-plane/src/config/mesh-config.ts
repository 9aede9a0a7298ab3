// What operators wrote, typed, with places: the value of a `mesh.yaml`.

import type { InstanceAddress } from "../source/instance.ts";
import type { Origin } from "../source/origin.ts";
import type { FileReference } from "./file-path.ts";
import type { GatewayConfig, IssuerConfig } from "./gateway-config.ts";
import type {
  AllowConfig,
  BudgetConfig,
  BudgetUseConfig,
  LimitConfig,
  PriceConfig,
} from "./policy-config.ts";
import type { Located } from "./schema/collections.ts";
import type { Flaws } from "./schema/flaws.ts";

/** One mesh as its files describe it. */
export interface MeshConfig {
  readonly mesh: string;
  readonly gateway: GatewayConfig;
  readonly identity: readonly IssuerConfig[];
  readonly agents: ReadonlyMap<string, Located<AgentConfig>>;
  readonly routes: readonly Located<RouteConfig>[];
  readonly budgets: ReadonlyMap<string, Located<BudgetConfig>>;
  /** By agent. */
  readonly prices: ReadonlyMap<string, Located<PriceConfig>>;
  /** Where a file of several could not be read, every key. */
  readonly flawed: Flaws;
  readonly at: Origin;
}

/** One agent. */
export interface AgentConfig {
  /** Where its instances are; absent, they come by lease. */
  readonly instances: InstancesConfig | undefined;
  readonly at: Origin;
}

/** Instances that do not register themselves. The checks let exactly one of the two sources be. */
export interface InstancesConfig {
  readonly static: readonly Located<StaticAddress>[] | undefined;
  readonly dns: Located<HostAndPort> | undefined;
  /** Absent: plain, which the checks allow on this machine only. */
  readonly tls: TlsConfig | undefined;
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

/** One route. */
export interface RouteConfig {
  readonly name: string;
  readonly match: MatchConfig;
  /** Weights by agent; absent, the agent that is asked for. */
  readonly to: ReadonlyMap<string, Located<number>> | undefined;
  /** The claim whose value decides which of several agents answers. */
  readonly sticky: Located<string> | undefined;
  readonly allow: AllowConfig | undefined;
  readonly public: Located<boolean> | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  readonly retry: RetryConfig | undefined;
  readonly limits: readonly LimitConfig[] | undefined;
  readonly budget: BudgetUseConfig | undefined;
  readonly flawed: Flaws;
  readonly at: Origin;
}

/** Which calls a route takes. */
export interface MatchConfig {
  readonly agent: Located<string>;
  /** A path, or with stars a pattern of paths. */
  readonly path: Located<string> | undefined;
  /** The call's `model` must be one of these; absent, it may be any or none. */
  readonly model: Located<readonly string[]> | undefined;
  /** By the name as written. */
  readonly headers: ReadonlyMap<string, Located<string>>;
  readonly claims: ReadonlyMap<string, Located<readonly string[]>>;
  readonly flawed: Flaws;
  readonly at: Origin;
}

/** Which failed calls are tried again. */
export interface RetryConfig {
  /** How often, after the first time. */
  readonly attempts: number;
  readonly on: readonly RetryReason[];
  readonly at: Origin;
}

/** Why a call is tried again, besides that no instance took it. */
export type RetryReason = "unavailable" | "reset";
