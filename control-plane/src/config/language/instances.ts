// `instances`: where an agent's instances are, if they do not register themselves.

import { longestPath, parseAddress } from "../../source/addresses/address.ts";
import type { HostAndPort, InstancesConfig, StaticAddress, TlsConfig } from "../agent-config.ts";
import { problem } from "../problem.ts";
import { type Located, listOf, located, mapped } from "../schema/collections.ts";
import { quoted } from "../schema/found.ts";
import { object, optional, required } from "../schema/object.ts";
import { flag, parsed, text } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import { fileReference } from "./file-reference.ts";
import { hostPattern } from "./host.ts";

const addressAdvice =
  "Write `IP:PORT`, `[IPv6]:PORT` or `unix:/PATH`; a name that DNS knows goes to `dns` instead.";

const anyAddress: Type<StaticAddress> = parsed("an address", addressAdvice, (text) => {
  const address = parseAddress(text);
  return address && { text, address };
});

const address: Type<StaticAddress> = {
  shape: anyAddress.shape,
  read: (tree, what, report) => {
    const text = tree.kind === "scalar" ? tree.source : "";
    const bytes = text.startsWith("unix:/") ? Buffer.byteLength(text) - "unix:".length : 0;
    if (bytes <= longestPath) return anyAddress.read(tree, what, report);
    const words = { path: quoted(text), bytes: String(bytes), most: String(longestPath) };
    report(problem("SC213", tree.at, words));
    return undefined;
  },
};

const hostAdvice =
  "Write `NAME:PORT`, such as `writer.internal:50051`; IP addresses go to `static`.";

const hostAndPort: Type<Located<HostAndPort>> = mapped(
  parsed("a name that DNS knows, and a port", hostAdvice, splitHost, /^[A-Za-z0-9.-]+:[0-9]{1,5}$/),
  (value, { at }) => ({ value, at }),
);

const tls: Type<TlsConfig> = object<Omit<TlsConfig, "at" | "flawed">>(
  "`tls`",
  {
    ca: required(
      fileReference,
      {
        about: "The authorities, in PEM form, whose certificates the instances may have.",
        example: "{ file: tls/ca.pem }",
      },
      (at) => ({ file: "", at }),
    ),
    name: optional(
      mapped(
        text("the name of a host", "Write a name, such as `writer.internal`.", {
          pattern: hostPattern,
          fits: (value) => hostPattern.test(value),
        }),
        (value, { at }) => ({ value, at }),
      ),
      {
        about: "The name that the certificates of the instances must have.",
        example: "writer.internal",
        standard: "the name of `dns`, or the IP addresses of `static`",
      },
      () => undefined,
    ),
  },
  { advice: "Write `{ ca: { file: PATH } }`." },
);

/** `instances`. */
export const instances: Type<InstancesConfig> = object<Omit<InstancesConfig, "at" | "flawed">>(
  "`instances`",
  {
    static: optional(
      listOf(address, {
        item: "an address",
        advice: 'Write a list, such as `["127.0.0.1:50051"]`.',
        ifEmpty: "Name the addresses, or remove `static`.",
      }),
      {
        about: "Their addresses: IP addresses with ports, and Unix sockets.",
        example: '["127.0.0.1:50051", "unix:/run/writer.sock"]',
      },
      () => undefined,
    ),
    dns: optional(
      hostAndPort,
      {
        about: "A name that DNS knows, with a port. It is looked up again every 5 seconds.",
        example: "writer.internal:50051",
      },
      () => undefined,
    ),
    tls: optional(
      tls,
      {
        about: "How they prove themselves, where they are no sidecars of this mesh.",
        example: "{ ca: { file: tls/ca.pem }, name: writer.internal }",
      },
      () => undefined,
    ),
    sidecars: optional(
      located(flag),
      {
        about:
          "Whether the addresses are those of sidecars of this mesh, which prove the agent's name.",
        example: "true",
        standard:
          "`true` on other machines, `false` on this one, whose agents are reached in the clear",
      },
      () => undefined,
    ),
  },
  { advice: "Write `{ static: [ADDRESS] }` or `{ dns: NAME:PORT }`." },
);

function splitHost(value: string): HostAndPort | undefined {
  const [, host = "", digits] = /^([^:]+):(\d{1,5})$/.exec(value) ?? [];
  const port = Number(digits);
  return hostPattern.test(host) && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}
