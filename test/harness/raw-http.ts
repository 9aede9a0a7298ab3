// Says to a gateway, byte by byte, what no library of HTTP would.
import { connect, type TLSSocket } from "node:tls";

/** Where it is, and who vouches for it. */
export interface RawServer {
  readonly port: number;
  readonly ca: string;
}

/** What came back. */
export interface RawAnswer {
  readonly text: string;
  /** The HTTP status of each answer, in their order; empty where there was none. */
  readonly statuses: readonly number[];
  /** Whether the gateway ended the connection. */
  readonly closed: boolean;
}

/**
 * Says it on a connection of its own, and hears until that ends or the patience does.
 *
 * @param thenEnds whether it says then that nothing more comes
 */
export async function sayRaw(
  server: RawServer,
  said: string | Buffer,
  patienceMs = 5_000,
  thenEnds = false,
): Promise<RawAnswer> {
  const socket = await connectRaw(server);
  const heard = hear(socket, patienceMs);
  if (thenEnds) socket.end(said);
  else socket.write(said);
  return heard;
}

/** Whatever is written to it afterwards is heard by `hear`. */
export function connectRaw({ port, ca }: RawServer, protocol = "http/1.1"): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      { host: "127.0.0.1", port, servername: "localhost", ca, ALPNProtocols: [protocol] },
      () => resolve(socket),
    );
    socket.once("error", reject);
  });
}

/** Hears until the connection ends, or the patience does, and ends it. */
export function hear(socket: TLSSocket, patienceMs: number): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const end = (closed: boolean): void => {
      clearTimeout(late);
      socket.destroy();
      const text = Buffer.concat(chunks).toString("latin1");
      const statuses = [...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, code]) =>
        Number(code),
      );
      resolve({ text, statuses, closed });
    };
    const late = setTimeout(() => end(false), patienceMs);
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", () => end(true));
    socket.once("close", () => end(true));
  });
}

/** One request of HTTP/1.1, as lines; its connection ends with its answer. */
export function requestText(
  line: string,
  headers: readonly string[],
  body = "",
  close = true,
): string {
  return [
    line,
    ...(headers.some((header) => /^host:/i.test(header)) ? [] : ["host: localhost"]),
    ...headers,
    ...(body === "" ? [] : [`content-length: ${Buffer.byteLength(body)}`]),
    ...(close ? ["connection: close"] : []),
    "",
    body,
  ].join("\r\n");
}
