// What operators wrote, typed, with places: the value of a `mesh.yaml`.

import type { Origin } from "../source/origin.ts";
import type { AgentConfig } from "./agent-config.ts";
import type { EgressConfig } from "./egress-config.ts";
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
  readonly egress: readonly EgressConfig[];
  readonly routes: readonly Located<RouteConfig>[];
  readonly budgets: ReadonlyMap<string, Located<BudgetConfig>>;
  /** By agent. */
  readonly prices: ReadonlyMap<string, Located<PriceConfig>>;
  /** Where a file of several could not be read, every key. */
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
  /** In the order in which they are asked. */
  readonly fallback: readonly Located<string>[] | undefined;
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

/** How a failed or slow try is followed by another. */
export interface RetryConfig {
  /** How often, after the first time. */
  readonly attempts: number;
  /** Absent, all that can be. */
  readonly on: Located<readonly RetryReason[]> | undefined;
  /** The longest that one try of a unary call may take, in milliseconds. */
  readonly perTry: Located<number> | undefined;
  /** The longest until the first event of a stream, in milliseconds. */
  readonly firstEvent: Located<number> | undefined;
  /** Whether a slow try goes on beside the next one. */
  readonly hedge: Located<boolean> | undefined;
  readonly flawed: Flaws;
  readonly at: Origin;
}

/** Why a call is tried again, besides that no instance took it. */
export type RetryReason = "unavailable" | "reset" | "slow";
