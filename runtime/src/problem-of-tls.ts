// Tries whether a control plane of another machine proves itself over TLS, and says why it does not.

import { once } from "node:events";
import { connect } from "node:tls";
import { type Address, formatAddress } from "./setting-parsers.ts";

/** A control plane, and the authority that its certificate is to be by. */
export interface TlsTrial {
  readonly address: Address;
  /** The mesh's authority, PEM, and where it was read. */
  readonly ca: string;
  readonly caFile: string;
}

const patienceMs = 10_000;

/** Resolves with a sentence, within ten seconds, where it does not. */
export async function problemOfTls({ address, ca, caFile }: TlsTrial): Promise<string | undefined> {
  const at = formatAddress(address);
  const signal = AbortSignal.timeout(patienceMs);
  let socket: ReturnType<typeof connect> | undefined;
  try {
    socket = connect({ ...address, ca, ALPNProtocols: ["h2"] });
    await once(socket, "secureConnect", { signal });
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
      return `The certificate of ${at} is not for ${address.host}: set SMARTCALL_NODE_NAMES to that name where the control plane runs.`;
    }
    if (/CERT|ISSUER|SIGNATURE|VERIFY/.test(code)) {
      return `${at} does not show a certificate of the authority in ${caFile} (${code}): give the ca.pem of that mesh.`;
    }
    return `The control plane cannot be reached over TLS at ${at} (${code}): look whether it listens there, as SMARTCALL_NODES says.`;
  } finally {
    socket?.destroy();
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "AbortError") return "ETIMEDOUT";
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
