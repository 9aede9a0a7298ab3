// How the text of a setting becomes its value, or the sentence that says what it must be.

import { isIP } from "node:net";
import { resolve } from "node:path";

/** A host and a port. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A value, or what the text must be instead. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly remedy: string };

/** Writes an address as it is read: `127.0.0.1:18000`, `[::1]:18000`. */
export function formatAddress({ host, port }: Address): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Whether only this machine can reach the host. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/** `HOST:PORT` on this machine; these ports speak without TLS and must not leave it. */
export function loopbackAddress(text: string): Parsed<Address> {
  const [, six, four, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = six ?? four;
  const port = Number(digits);
  if (host === undefined || port > 65535) {
    return refuse("write it as HOST:PORT with a port from 0 to 65535, such as 127.0.0.1:18000");
  }
  if (!isLoopback(host)) {
    return refuse("it has no TLS, so it must be on loopback: use 127.0.0.1, [::1] or localhost");
  }
  return { ok: true, value: { host, port } };
}

/** A file or folder; a relative one is taken from `cwd`. */
export function path(text: string, cwd: string): Parsed<string> {
  return text === "" ? refuse("give a path") : { ok: true, value: resolve(cwd, text) };
}

/** Paths with commas between them; empty is none. */
export function paths(text: string, cwd: string): Parsed<readonly string[]> {
  const entries = text.split(",").map((entry) => entry.trim());
  return { ok: true, value: entries.filter((entry) => entry !== "").map((e) => resolve(cwd, e)) };
}

/** One of the given words. */
export function oneOf<const T extends string>(words: readonly T[]): (text: string) => Parsed<T> {
  return (text) => {
    const value = words.find((word) => word === text);
    return value === undefined
      ? refuse(`it must be one of ${words.join(", ")}`)
      : { ok: true, value };
  };
}

function refuse(remedy: string): { readonly ok: false; readonly remedy: string } {
  return { ok: false, remedy };
}
