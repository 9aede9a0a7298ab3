// Says why a control plane did not do what was asked, and what to do about it.

import { parseObject, textIn } from "@smartcall/runtime";
import { operatorScope } from "../../state/well-known.ts";
import { type CommandEnd, ended } from "../exit-codes.ts";
import { notRunning, type Server } from "./server.ts";

/** No answer came, because of this error. */
export function unreachable(server: Server, error: NodeJS.ErrnoException): CommandEnd {
  const code = error.code ?? "";
  if (server.isHere && code === "ECONNREFUSED") return notRunning;
  const at = `The control plane at ${server.url}`;
  const { hostname } = new URL(server.url);
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return ended(
      "failed",
      `The certificate of ${server.url} is not for ${hostname}: use a name that it is for, or start the mesh with this one in SMARTCALL_ADMIN_NAMES.`,
    );
  }
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID") {
    return ended(
      "failed",
      `The certificate of ${server.url} is not valid at this time: check the clocks of both machines.`,
    );
  }
  if (isDistrust(error)) {
    return ended(
      "failed",
      `The certificate of ${server.url} is not trusted (${error.message}): give the certificate of its authority with --ca or SMARTCALL_CA. For the mesh's own that is \`ca.pem\` in its state folder.`,
    );
  }
  if (/wrong version number|packet length too long|EPROTO/i.test(`${code} ${error.message}`)) {
    return ended("failed", `${at} speaks no TLS: a plain one is on loopback only, as http://.`);
  }
  return ended("failed", `${at} cannot be reached: ${reasons.get(code) ?? error.message}.`);
}

/** The answer began, and did not come whole. */
export function brokeOff(server: Server, error?: unknown): CommandEnd {
  const why = error instanceof Error ? ` (${error.message})` : "";
  return ended("failed", `The answer of the control plane at ${server.url} broke off${why}.`);
}

/** It answered with another status than 200, and this body. */
export function refusedWith(server: Server, status: number, body: string): CommandEnd {
  const at = `The control plane at ${server.url}`;
  const message = textIn(parseObject(body), "error", "message");
  const mint = `mint one where the mesh runs with \`npx smartcall token --scope ${operatorScope}\``;
  if (status === 401 && server.token === undefined) {
    return ended("failed", `${at} needs a token: ${mint}, and give it in SMARTCALL_TOKEN.`);
  }
  if (status === 401) {
    return ended("failed", `${at} says: ${message ?? "401"} If it is no longer good, ${mint}.`);
  }
  if (status === 403) {
    return ended("failed", `${at} says: ${message ?? "403"} Ask for one that has it, or ${mint}.`);
  }
  return message === undefined
    ? strange(server, `${status}`)
    : ended("failed", `${at} says: ${message}`);
}

/** It answered something that makes no sense here. */
export function strange(server: Server, what: string): CommandEnd {
  return ended(
    "failed",
    `What answers at ${server.url} is no control plane of this version (${what}).`,
  );
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "nothing listens there"],
  ["ECONNRESET", "it hung up; if it speaks TLS, write https://"],
  ["ENOTFOUND", "no machine has this name"],
  ["EAI_AGAIN", "its name cannot be looked up"],
  ["EHOSTUNREACH", "no way leads there"],
  ["ENETUNREACH", "no way leads there"],
  ["ETIMEDOUT", "it did not answer in time"],
]);

/** OpenSSL's words for a chain that ends at nobody who is trusted, or a pin that does not fit. */
function isDistrust({ code = "", message }: NodeJS.ErrnoException): boolean {
  return (
    /SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|CERT_(SIGNATURE|UNTRUSTED|REJECTED|CHAIN)|INVALID_(CA|PURPOSE)/.test(
      code,
    ) || message.startsWith("it is not the certificate")
  );
}
