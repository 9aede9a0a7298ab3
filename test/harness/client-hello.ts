// Asks for TLS 1.2 or older with ciphers that today's libraries do not even know (RFC 5246).
import { connect } from "node:net";

/** What a server says to it: whether it goes on, or why not (RFC 5246, 7.2). */
export type Met = "hello" | "protocol_version" | "handshake_failure" | "closed" | `alert ${number}`;

/**
 * Offers these cipher suites, by their numbers.
 *
 * @param version such as 0x0303 for TLS 1.2
 */
export function offer(port: number, ciphers: readonly number[], version = 0x0303): Promise<Met> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const finish = (met: Met): void => {
      socket.destroy();
      resolve(met);
    };
    socket.once("connect", () => socket.write(clientHello(ciphers, version)));
    socket.once("data", ([type = 0, , , , , , reason = 0]: Buffer) => {
      if (type === 22) finish("hello");
      else if (reason === 70) finish("protocol_version");
      else if (reason === 40) finish("handshake_failure");
      else finish(`alert ${reason}`);
    });
    socket.once("error", () => finish("closed"));
    socket.once("close", () => finish("closed"));
  });
}

function clientHello(ciphers: readonly number[], version: number): Buffer {
  const extensions = Buffer.concat([
    extension(
      0,
      counted(2, Buffer.concat([Buffer.from([0]), counted(2, Buffer.from("localhost"))])),
    ),
    // Curves, point formats, signatures: all that is usual.
    extension(10, counted(2, words([0x001d, 0x0017, 0x0018]))),
    extension(11, counted(1, Buffer.from([0]))),
    extension(13, counted(2, words([0x0403, 0x0804, 0x0401, 0x0503, 0x0203, 0x0201]))),
  ]);
  const hello = Buffer.concat([
    words([version]),
    Buffer.alloc(32, 7),
    counted(1, Buffer.alloc(0)),
    counted(2, words(ciphers)),
    counted(1, Buffer.from([0])),
    counted(2, extensions),
  ]);
  const handshake = Buffer.concat([Buffer.from([1]), counted(3, hello)]);
  return Buffer.concat([Buffer.from([22]), words([0x0301]), counted(2, handshake)]);
}

function extension(kind: number, content: Buffer): Buffer {
  return Buffer.concat([words([kind]), counted(2, content)]);
}

/** With its length before it. */
function counted(bytes: 1 | 2 | 3, content: Buffer): Buffer {
  const length = Buffer.alloc(bytes);
  length.writeUIntBE(content.length, 0, bytes);
  return Buffer.concat([length, content]);
}

function words(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 2);
  numbers.forEach((number, index) => {
    bytes.writeUInt16BE(number, index * 2);
  });
  return bytes;
}
