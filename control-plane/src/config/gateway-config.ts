// What operators wrote of the gateways and of those whom they believe, typed, with places.

import type { Origin } from "../source/origin.ts";
import type { FileReference } from "./file-path.ts";
import type { Located } from "./schema/collections.ts";
import type { Flaws } from "./schema/flaws.ts";

/** The gateways' part. */
export interface GatewayConfig {
  readonly https: {
    readonly address: Located<string>;
    readonly port: number;
    readonly certificate: CertificateConfig;
    readonly flawed: Flaws;
    readonly at: Origin;
  };
  readonly cors: CorsConfig | undefined;
  readonly clients: ClientsConfig | undefined;
  readonly bounds: BoundsConfig | undefined;
  readonly docs: DocsConfig;
  readonly flawed: Flaws;
  readonly at: Origin;
}

/** Where the gateways' certificate comes from. */
export type CertificateConfig =
  /** From the mesh's own authority. */
  | { readonly kind: "dev" }
  /** From files, PEM. */
  | { readonly kind: "files"; readonly cert: FileReference; readonly key: FileReference };

/** Which web pages may call. */
export interface CorsConfig {
  /** Such as `https://app.example.com`, in the form that browsers send. */
  readonly origins: readonly string[];
  readonly at: Origin;
}

/** Who may read what the gateway says of its agents, beside the directory. */
export type DocsConfig =
  | { readonly kind: "public" }
  | { readonly kind: "off" }
  /** Whoever's token has every one of these. */
  | { readonly kind: "scopes"; readonly scopes: readonly string[] };

/** Callers that prove themselves by certificates. */
export interface ClientsConfig {
  /** PEM: the authorities whose certificates are believed. */
  readonly ca: FileReference;
  readonly at: Origin;
}

/** What a client may ask of a gateway; what is absent is as by default. */
export interface BoundsConfig {
  /** Bytes, as the other two sizes. */
  readonly body: Located<number> | undefined;
  readonly headers: Located<number> | undefined;
  readonly path: Located<number> | undefined;
  readonly connections: Located<number> | undefined;
  /** In each second. */
  readonly newConnections: Located<number> | undefined;
  /** On each connection. */
  readonly streams: Located<number> | undefined;
  /** To all agents together, with what is asked of the gateway itself. */
  readonly calls: Located<number> | undefined;
  /** Milliseconds, as the other two times. */
  readonly idle: Located<number> | undefined;
  readonly headersTime: Located<number> | undefined;
  readonly requestTime: Located<number> | undefined;
  readonly flawed: Flaws;
  readonly at: Origin;
}

/** Whose tokens are taken besides those of the mesh itself. */
export interface IssuerConfig {
  /** The `iss` of its tokens. */
  readonly issuer: Located<string>;
  readonly audiences: readonly string[];
  readonly keys: IssuerKeysConfig;
  readonly flawed: Flaws;
  readonly at: Origin;
}

/** Where an issuer's public keys are. The checks let exactly one of `url` and `file` be. */
export interface IssuerKeysConfig {
  /** Fetched by the control plane, again and again. */
  readonly url: Located<string> | undefined;
  /** PEM: the authorities that the server of `url` may prove itself with; absent, the public ones. */
  readonly ca: FileReference | undefined;
  /** Whether `url` may lead to an address that is not public. */
  readonly internal: Located<boolean> | undefined;
  /** A JSON Web Key Set. */
  readonly file: Located<string> | undefined;
  readonly flawed: Flaws;
  readonly at: Origin;
}
