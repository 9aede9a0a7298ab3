// A message as gRPC puts it on the wire.
//
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests

/** One message, not compressed, after its length. */
export function grpcFrame(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** How many whole messages these bytes hold. */
export function countFrames(bytes: Buffer): number {
  let count = 0;
  for (let at = 0; at + 5 <= bytes.length; count++) at += 5 + bytes.readUInt32BE(at + 1);
  return count;
}
