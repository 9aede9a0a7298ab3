// What one mesh is, in words that know neither YAML nor Envoy.
//
// Everything here is immutable, and every list is sorted by name unless it says
// otherwise, so that the same mesh always becomes the same bytes.

import type { Instance, InstanceAddress } from "../source/instance.ts";
import type { Origin } from "../source/origin.ts";
import type { OwnServices } from "../source/own-services/index.ts";
import type { Allow } from "./allow.ts";
import type { Bounds } from "./bounds.ts";
import type { Budget, BudgetUse, Price } from "./budget.ts";
import type { Egress } from "./egress.ts";
import type { Denied, Issuer } from "./issuer.ts";
import type { Limit } from "./limit.ts";
import type { Balance, Concurrency, Ejection, Retry } from "./resilience.ts";

/** All that one `mesh.yaml`, and the instances that run, describe. */
export interface Mesh {
  readonly name: string;
  readonly gateway: Gateway;
  /** Whose tokens are taken: the mesh's own issuer first, the others by their name. */
  readonly issuers: readonly Issuer[];
  /** Tokens and callers that are not taken any more; absent, there are none. */
  readonly denied?: Denied | undefined;
  /** What callers may spend, by name; absent, there are none. */
  readonly budgets?: readonly Budget[] | undefined;
  /** What agents cost, by agent; absent, nothing. */
  readonly prices?: readonly Price[] | undefined;
  /** Where the quota service listens; absent, nowhere. */
  readonly quota?: readonly InstanceAddress[] | undefined;
  /** By what its nodes know each other; absent where none of them has a sidecar. */
  readonly trust?: Trust | undefined;
  readonly agents: readonly Agent[];
  /** What agents may call outside the mesh; absent, nothing. */
  readonly egress?: readonly Egress[] | undefined;
  /**
   * In matching order: the first that takes a call decides. Holds a route for
   * every agent that no operator's route names.
   */
  readonly routes: readonly Route[];
}

/** What every edge Envoy of the mesh listens with. */
export interface Gateway {
  readonly https: {
    /** The address to listen on, such as `0.0.0.0`. */
    readonly address: string;
    readonly port: number;
    readonly certificate: KeyPair;
    /** Where the certificate's file is named; absent for one of the mesh's own authority. */
    readonly certificateOrigin?: Origin | undefined;
  };
  /** What a client may ask of the gateway; absent, the standard of each. */
  readonly bounds?: Partial<Bounds> | undefined;
  /** The web pages that may call: origins such as `https://app.example.com`, sorted. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Who may read the description of the agents; absent, nobody. */
  readonly docs?: Allow | undefined;
  /** The authorities whose client certificates are believed: PEM. Absent, none is asked for. */
  readonly clientAuthorities?: string | undefined;
  readonly origin: Origin;
}

/** A certificate with its private key, both PEM. Never logged or shown. */
export interface KeyPair {
  /** The certificate, then those between it and its authority. */
  readonly certificateChain: string;
  readonly privateKey: string;
}

/** What a node of the mesh proves itself with to others, and whom it believes. */
export interface Trust {
  /**
   * Before the names of its nodes, `spiffe://DOMAIN/…`. It is the name that the mesh had when
   * its authority was made, so that no node becomes another when the mesh is renamed.
   */
  readonly domain: string;
  /** The certificates of the mesh's own authority: PEM. */
  readonly authorities: string;
  readonly certificate: KeyPair;
}

/** A named gRPC service that answers. */
export interface Agent {
  readonly name: string;
  /** Its running copies, sorted by id. */
  readonly instances: readonly Instance[];
  /** How those of its instances prove themselves whose `reach` is `authority`. */
  readonly tls?: UpstreamTls | undefined;
  /** The agents that it may call, sorted; absent, none. */
  readonly calls?: readonly string[] | undefined;
  /** Whether only other agents may call it. */
  readonly hidden?: boolean | undefined;
  /** Absent, least request. */
  readonly balance?: Balance | undefined;
  /** What one instance is asked at once; absent, it is for the instance to say. */
  readonly concurrency?: Concurrency | undefined;
  /** Absent, the standard; `never`, not at all. */
  readonly ejection?: Ejection | "never" | undefined;
  /** gRPC services of its own beside the contract's, from the lease that last brought them. */
  readonly services?: OwnServices | undefined;
  readonly origin: Origin;
}

/** How the instances of an agent prove themselves to a gateway. */
export interface UpstreamTls {
  /** The certificates of the authorities that are believed: PEM. */
  readonly authorities: string;
  /** What a gateway asks for (SNI), where it asks by a name. */
  readonly serverName: string | undefined;
  /** An instance's certificate must have one of these. */
  readonly names: readonly CertificateName[];
}

/** A name that a certificate has. */
export interface CertificateName {
  readonly kind: "dns" | "ip";
  readonly value: string;
}

/** Which calls go where, and who may make them. */
export interface Route {
  readonly name: string;
  readonly match: RouteMatch;
  /** The agents that answer, sorted by name; the weights are shares of their sum. */
  readonly to: readonly Destination[];
  /** The claim by which callers alike in it always meet the same agent of `to`. */
  readonly sticky?: string | undefined;
  readonly allow: Allow;
  /** The longest a call may take, in milliseconds, streams included. */
  readonly timeoutMs: number;
  /** Which failed calls are tried again; absent, only those that no instance took. */
  readonly retry?: Retry | undefined;
  /** The agents that answer, in this order, where those of `to` cannot before the first event. */
  readonly fallback?: readonly string[] | undefined;
  /** How many calls each caller may make, in the order of their names. */
  readonly limits?: readonly Limit[] | undefined;
  /** What its calls are paid from. */
  readonly budget?: BudgetUse | undefined;
  readonly origin: Origin;
}

/** Which calls a route takes: all that is set must fit. */
export interface RouteMatch {
  /** The agent that the caller asks for. */
  readonly agent: string;
  /** The path, or a pattern of paths with stars; see `fitsPath`. */
  readonly path?: string | undefined;
  /** The call's `model` must be one of these, sorted; absent, it may be any or none. */
  readonly models?: readonly string[] | undefined;
  /** Request headers by lower-case name; each must have exactly this value. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Claims of the caller's token; each must be, or as a list hold, one of these
   * values.
   */
  readonly claims: Readonly<Record<string, readonly string[]>>;
}

/** One agent that a route's calls go to. */
export interface Destination {
  readonly agent: string;
  readonly weight: number;
}
