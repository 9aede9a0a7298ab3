// Why a request got no answer, and whether it ever left.
import { broken, ConnectionFailed, type SmartCallError } from "./errors.ts";

/** A request that got no answer. */
export interface ConnectFailure {
  readonly error: SmartCallError;
  /** The gateway cannot have begun anything. */
  readonly neverLeft: boolean;
}

/**
 * Reads what `fetch`, or a socket, threw. Node says why in `cause`; browsers say nothing, so there
 * a request may have left.
 */
export function connectFailure(thrown: unknown, url: string): ConnectFailure {
  const { origin } = new URL(url);
  const causes = causesOf(thrown);
  const codes = causes.map(({ code }) => code).filter((code) => code !== "");
  const failed = (why: string, retryable: boolean): ConnectFailure => ({
    error: new ConnectionFailed(`The gateway at ${origin} was not reached: ${why}`, {
      status: 0,
      reason: "CONNECTION_FAILED",
      retryable,
      cause: thrown,
    }),
    neverLeft: retryable,
  });
  const [first] = codes;
  if (causes.some(isUnconnected)) {
    return failed(`${first ?? "no connection"}. Look whether it runs, and at its address.`, true);
  }
  if (codes.some((code) => /CERT|ALTNAME|SIGNED|UNABLE_TO|SSL|EPROTO|TLS/.test(code))) {
    const remedy = "In Node, NODE_EXTRA_CA_CERTS names the file of the mesh's authority.";
    return failed(`its certificate cannot be trusted (${first}). ${remedy}`, false);
  }
  if (first !== undefined) {
    return {
      error: broken(`the connection was lost (${first})`, { cause: thrown }),
      neverLeft: false,
    };
  }
  const remedy =
    "Look at its address, its certificate, and whether `gateway.cors` names this page's origin; browsers do not say which.";
  return failed(remedy, false);
}

interface Cause {
  readonly code: string;
  readonly syscall: string;
  readonly message: string;
}

/** Errors of Node stand in each other. */
function causesOf(thrown: unknown): readonly Cause[] {
  if (!(thrown instanceof Error)) return [];
  const code = "code" in thrown ? String(thrown.code) : "";
  const syscall = "syscall" in thrown ? String(thrown.syscall) : "";
  const several = thrown instanceof AggregateError ? thrown.errors.flatMap(causesOf) : [];
  return [{ code, syscall, message: thrown.message }, ...several, ...causesOf(thrown.cause)];
}

function isUnconnected({ code, message, syscall }: Cause): boolean {
  return (
    syscall === "connect" ||
    syscall === "getaddrinfo" ||
    code === "ECONNREFUSED" ||
    code === "UND_ERR_CONNECT_TIMEOUT" ||
    message.includes("before secure TLS connection")
  );
}
