// Bytes that grow as they are written, in protobuf's wire format.
//
// https://protobuf.dev/programming-guides/encoding/

/** The wire types that are written. */
export const wire = { varint: 0, bit64: 1, bytes: 2, bit32: 5 } as const;

/** So much room is kept for the next message, in bytes. */
const keptRoom = 1024 * 1024;

/** One growing buffer, so that nested messages cost no copies of their own. */
export class Sink {
  #buffer: Buffer<ArrayBuffer> = Buffer.allocUnsafe(1024);
  #length = 0;

  /** A copy of what was written, and none of the room beside it. */
  bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#buffer.subarray(0, this.#length));
  }

  /** Forgets what was written, and keeps the room, unless it was for something huge. */
  clear(): void {
    this.#length = 0;
    if (this.#buffer.length > keptRoom) this.#buffer = Buffer.allocUnsafe(keptRoom);
  }

  /** A whole number from 0 up to 2^53. */
  varint(value: number): void {
    this.#reserve(10);
    let rest = value;
    while (rest > 0x7f) {
      this.#buffer[this.#length++] = (rest % 0x80) | 0x80;
      rest = rest > 0x7fffffff ? Math.floor(rest / 0x80) : rest >>> 7;
    }
    this.#buffer[this.#length++] = rest;
  }

  /** A whole number of up to 64 bits; a negative one as its two's complement. */
  varint64(value: bigint): void {
    this.#reserve(10);
    let rest = BigInt.asUintN(64, value);
    while (rest > 0x7fn) {
      this.#buffer[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#buffer[this.#length++] = Number(rest);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#buffer.writeDoubleLE(value, this.#length);
    this.#length += 8;
  }

  float(value: number): void {
    this.#reserve(4);
    this.#buffer.writeFloatLE(value, this.#length);
    this.#length += 4;
  }

  /** Bytes after their length. */
  sized(value: Uint8Array): void {
    this.varint(value.length);
    this.raw(value);
  }

  /** Bytes as they are. */
  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  /** A text in UTF-8, after its length in bytes. */
  text(value: string): void {
    const begin = this.begin();
    // A character takes three bytes at most: those beyond 16 bits are two of JavaScript's.
    this.#reserve(value.length * 3);
    let at = this.#length;
    for (let index = 0; index < value.length; index++) {
      const unit = value.charCodeAt(index);
      if (unit > 0x7f) {
        at = this.#length + this.#buffer.write(value, this.#length);
        break;
      }
      this.#buffer[at++] = unit;
    }
    this.#length = at;
    this.end(begin);
  }

  /** Begins what its own length will stand before. */
  begin(): number {
    this.#reserve(1);
    this.#length += 1;
    return this.#length;
  }

  /** Ends what `begin` began. */
  end(begin: number): void {
    const size = this.#length - begin;
    let room = 1;
    for (let rest = size; rest > 0x7f; rest = Math.floor(rest / 0x80)) room += 1;
    this.#reserve(room - 1);
    // One byte was kept for the length; most messages need no more.
    if (room > 1) this.#buffer.copyWithin(begin + room - 1, begin, this.#length);
    this.#length = begin - 1;
    this.varint(size);
    this.#length += size;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
