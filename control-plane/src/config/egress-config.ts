// What operators wrote of hosts outside the mesh, typed, with places.

import type { Origin } from "../source/origin.ts";
import type { FileReference } from "./file-path.ts";
import type { Located } from "./schema/collections.ts";
import type { Flaws } from "./schema/flaws.ts";

/** One host that agents may call through their sidecars. */
export interface EgressConfig {
  readonly name: string;
  /** A name that DNS knows, or an IP address. */
  readonly host: string;
  readonly port: number;
  /** PEM: the authorities that are believed about it; absent, the public ones. */
  readonly ca: FileReference | undefined;
  readonly key: KeySourceConfig | undefined;
  /** The header that the key goes to, in lower case. */
  readonly header: Located<string> | undefined;
  /** What stands before the key there; may be empty. */
  readonly prefix: Located<string> | undefined;
  /** The agents that may call it; absent, all. */
  readonly agents: readonly Located<string>[] | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  readonly flawed: Flaws;
  readonly at: Origin;
}

/** Where a key is read from. The checks let exactly one of the two be. */
export interface KeySourceConfig {
  /** The name of a variable of the control plane's environment. */
  readonly env: Located<string> | undefined;
  readonly file: Located<string> | undefined;
  readonly flawed: Flaws;
  readonly at: Origin;
}
