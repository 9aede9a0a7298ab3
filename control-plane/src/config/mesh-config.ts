// What operators wrote, typed, with places: the value of a `mesh.yaml`.

import type { Origin } from "../source/origin.ts";
import type { Located } from "./schema/collections.ts";

/** One mesh as its files describe it. */
export interface MeshConfig {
  readonly mesh: string;
  readonly gateway: GatewayConfig;
  readonly agents: ReadonlyMap<string, Located<AgentConfig>>;
  readonly routes: readonly Located<RouteConfig>[];
  readonly at: Origin;
}

/** The gateways' part. */
export interface GatewayConfig {
  readonly https: {
    readonly address: string;
    readonly port: number;
    readonly certificate: CertificateConfig;
    readonly at: Origin;
  };
  readonly at: Origin;
}

/** Where the gateways' certificate comes from. */
export type CertificateConfig =
  /** From the mesh's own authority. */
  | { readonly kind: "dev" }
  /** From files, PEM. */
  | { readonly kind: "files"; readonly cert: FileReference; readonly key: FileReference };

/** A file that the mesh's files name. */
export interface FileReference {
  /** As written: absolute, or from the folder of the file that names it. */
  readonly file: string;
  readonly at: Origin;
}

/** One agent; its instances come by lease. */
export interface AgentConfig {
  readonly at: Origin;
}

/** One route. */
export interface RouteConfig {
  readonly name: string;
  readonly match: MatchConfig;
  /** Weights by agent; absent, the agent that is asked for. */
  readonly to: ReadonlyMap<string, Located<number>> | undefined;
  readonly allow: AllowConfig | undefined;
  readonly public: Located<boolean> | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  readonly at: Origin;
}

/** Which calls a route takes. */
export interface MatchConfig {
  readonly agent: Located<string>;
  /** By the name as written. */
  readonly headers: ReadonlyMap<string, Located<string>>;
  readonly claims: ReadonlyMap<string, Located<readonly string[]>>;
  readonly at: Origin;
}

/** Who may use a route. */
export interface AllowConfig {
  readonly scopes: readonly string[];
  readonly at: Origin;
}
