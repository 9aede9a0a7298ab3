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

/** Where a process of this machine listens: a Unix socket, or an address on loopback. */
export type LocalEndpoint =
  | { readonly kind: "socket"; readonly path: string }
  | ({ readonly kind: "address" } & Address);

/** Writes an address as it is read: `127.0.0.1:18000`, `[::1]:18000`. */
export function formatAddress({ host, port }: Address): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Writes it as it is read. */
export function formatEndpoint(endpoint: LocalEndpoint): string {
  return endpoint.kind === "socket" ? endpoint.path : formatAddress(endpoint);
}

/** The same as gRPC writes it. */
export function grpcTarget(endpoint: LocalEndpoint): string {
  return endpoint.kind === "socket" ? `unix:${endpoint.path}` : formatAddress(endpoint);
}

/** Whether only this machine can reach the host. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/** `HOST:PORT`. */
export function anyAddress(text: string): Parsed<Address> {
  const [, six, four, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = six ?? four;
  const port = Number(digits);
  if (host === undefined || port > 65535) {
    return refuse("write it as HOST:PORT with a port from 0 to 65535, such as 127.0.0.1:18000");
  }
  return { ok: true, value: { host, port } };
}

/** `IP:PORT`, as others are told it: of one machine, and no name that each would have to look up. */
export function ipAddress(text: string): Parsed<Address> {
  const address = anyAddress(text);
  if (!address.ok) return address;
  const { host } = address.value;
  return isIP(host) !== 0 && !["0.0.0.0", "::"].includes(host)
    ? address
    : refuse(
        "others are told it as it is, so write an IP address of this machine, such as 10.0.0.7:20000",
      );
}

/** `HOST:PORT` on this machine; these ports speak without TLS and must not leave it. */
export function loopbackAddress(text: string): Parsed<Address> {
  const address = anyAddress(text);
  return !address.ok || isLoopback(address.value.host)
    ? address
    : refuse("it has no TLS, so it must be on loopback: use 127.0.0.1, [::1] or localhost");
}

/** A Unix socket's path, which has a slash, or `HOST:PORT` on this machine. */
export function localEndpoint(text: string, cwd: string): Parsed<LocalEndpoint> {
  if (text.includes("/")) {
    const socket = resolve(cwd, text);
    // The most that Linux takes, with the zero at its end.
    return Buffer.byteLength(socket) < 108
      ? { ok: true, value: { kind: "socket", path: socket } }
      : refuse("a socket's path has at most 107 bytes: use a shorter one");
  }
  const address = loopbackAddress(text);
  return address.ok ? { ok: true, value: { kind: "address", ...address.value } } : address;
}

/** Several of these with commas between them, at least one. */
export function localEndpoints(
  text: string,
  cwd: string,
): Parsed<readonly [LocalEndpoint, ...LocalEndpoint[]]> {
  const read = listed(text).map((entry) => localEndpoint(entry, cwd));
  const refused = read.find((endpoint) => !endpoint.ok);
  if (refused?.ok === false) return refused;
  const [first, ...others] = read.flatMap((endpoint) => (endpoint.ok ? [endpoint.value] : []));
  return first === undefined
    ? refuse("give at least one socket or address")
    : { ok: true, value: [first, ...others] };
}

/** A Redis by its URL; in the clear on loopback only. */
export function redisUrl(text: string): Parsed<string> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["redis:", "rediss:"].includes(url.protocol) || url.hostname === "") {
    return refuse("write it as rediss://USER:PASSWORD@HOST:PORT/NUMBER");
  }
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return url.protocol === "rediss:" || isLoopback(host)
    ? { ok: true, value: text }
    : refuse("what it holds must not travel in the clear: write it with rediss://, which is TLS");
}

/** The origin of a control plane, such as `https://mesh.example.com:9000`; plain on loopback only. */
export function serverUrl(text: string): Parsed<string> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const bare = url !== undefined && url.href === `${url.origin}/`;
  if (url === undefined || !bare || !["http:", "https:"].includes(url.protocol)) {
    return refuse("write it as https://HOST:PORT, with nothing after it");
  }
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return url.protocol === "https:" || isLoopback(host)
    ? { ok: true, value: url.origin }
    : refuse("a token must not travel in the clear: write it with https://");
}

/** Text as it is; for a secret, since what is not refused is never shown. */
export function anyText(text: string): Parsed<string> {
  return { ok: true, value: text };
}

/** Names and IP addresses of a machine, with commas between them; empty is none. */
export function hosts(text: string): Parsed<readonly string[]> {
  const entries = listed(text);
  const odd = entries.find((entry) => isIP(entry) === 0 && !isHostName(entry));
  return odd === undefined
    ? { ok: true, value: entries.map((entry) => entry.toLowerCase()) }
    : refuse(`write host names or IP addresses with commas between them; "${odd}" is neither`);
}

/** `NAME=VALUE` with commas between them; at most 16, none longer than 63 characters. */
export function labels(text: string): Parsed<Readonly<Record<string, string>>> {
  const entries = listed(text).map((entry) => /^([\w./-]{1,63})=([\w./-]{0,63})$/.exec(entry));
  const read = entries.flatMap((entry) =>
    entry === null ? [] : [[entry[1] ?? "", entry[2] ?? ""]],
  );
  return read.length === entries.length && read.length <= 16
    ? { ok: true, value: Object.fromEntries(read) }
    : refuse("write at most 16 as NAME=VALUE with commas between them, such as rack=7,gpu=yes");
}

/** A time as seconds: `90s`, `10m` or `2h`, from a second to a day. */
export function duration(text: string): Parsed<number> {
  const [, digits, unit] = /^(\d{1,5})([smh])$/.exec(text) ?? [];
  const seconds = Number(digits) * (unit === "h" ? 3600 : unit === "m" ? 60 : 1);
  return seconds >= 1 && seconds <= 86_400
    ? { ok: true, value: seconds }
    : refuse("write it as seconds, minutes or hours from 1s to 24h, such as 10m");
}

/** A file or folder; a relative one is taken from `cwd`. */
export function path(text: string, cwd: string): Parsed<string> {
  return text === "" ? refuse("give a path") : { ok: true, value: resolve(cwd, text) };
}

/** Paths with commas between them; empty is none. */
export function paths(text: string, cwd: string): Parsed<readonly string[]> {
  return { ok: true, value: listed(text).map((entry) => resolve(cwd, entry)) };
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

function listed(text: string): readonly string[] {
  const entries = text.split(",").map((entry) => entry.trim());
  return entries.filter((entry) => entry !== "");
}

/** RFC 1123 section 2.1. */
function isHostName(text: string): boolean {
  const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  return text.length <= 253 && new RegExp(`^${label}(\\.${label})*$`, "i").test(text);
}

function refuse(remedy: string): { readonly ok: false; readonly remedy: string } {
  return { ok: false, remedy };
}
