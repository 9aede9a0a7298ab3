// `gateway.cors` and `gateway.clients`: web pages that may call, and callers with certificates.

import type { ClientsConfig, CorsConfig } from "../gateway-config.ts";
import { problem } from "../problem.ts";
import { listOf, mapped } from "../schema/collections.ts";
import { quoted } from "../schema/found.ts";
import { object, required } from "../schema/object.ts";
import { text } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import { distinct } from "./claim.ts";
import { fileReference } from "./file-reference.ts";

const originAdvice = "Write the origin of a page, such as `https://app.example.com`.";

const plainOrigin = text("the origin of a web page", originAdvice);

const origin: Type<string> = {
  shape: {
    kind: "text",
    words: "the origin of a web page",
    pattern: "^https?://[^/*?#@\\s]+$",
  },
  read: (tree, what, report) => {
    const written = plainOrigin.read(tree, what, report);
    if (written === undefined) return undefined;
    const wrong = whyNot(written);
    if (wrong === undefined) return new URL(written).origin;
    const value = quoted(written).slice(1, -1);
    report(problem("SC212", tree.at, { value, ...wrong }));
    return undefined;
  },
};

/** `cors`. */
export const cors: Type<CorsConfig> = object<Omit<CorsConfig, "at" | "flawed">>(
  "`cors`",
  {
    origins: required(
      mapped(
        listOf(origin, {
          item: "an origin",
          advice: originAdvice,
          ifEmpty: "Name the origins of pages, or remove `cors`.",
        }),
        distinct,
      ),
      {
        about:
          "The origins of the pages: scheme, host and port, as browsers send them. A page without TLS may only be on this machine.",
        example: "[https://app.example.com]",
      },
      () => [],
    ),
  },
  { advice: "Write `{ origins: [https://app.example.com] }`." },
);

/** `clients`. */
export const clients: Type<ClientsConfig> = object<Omit<ClientsConfig, "at" | "flawed">>(
  "`clients`",
  {
    ca: required(
      fileReference,
      {
        about: "The authorities, in PEM form, whose certificates are believed.",
        example: "{ file: tls/clients.pem }",
      },
      (at) => ({ file: "", at }),
    ),
  },
  { advice: "Write `{ ca: { file: PATH } }`." },
);

/** Why a text is no origin that may call (RFC 6454), and what to write. */
function whyNot(written: string): { readonly reason: string; readonly advice: string } | undefined {
  if (written.includes("*")) {
    const reason = "a star would let pages call that nobody here knows";
    return { reason, advice: "List each origin by itself." };
  }
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return { reason: "it has no `https://` and host", advice: originAdvice };
  }
  if (url.protocol === "http:" && !isThisMachine(url.hostname)) {
    const reason = "a page that comes without TLS can be changed by anybody on its way";
    return { reason, advice: `Write \`https://${url.host}\`.` };
  }
  if (written.toLowerCase() !== url.origin) {
    const reason = "browsers send scheme, host and port only, without what they take for granted";
    return { reason, advice: `Write \`${url.origin}\`.` };
  }
  return undefined;
}

function isThisMachine(host: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(host);
}
