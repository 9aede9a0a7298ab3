// Which answers of an HTTP/2 connection have begun and not ended, by the frames that go out.
//
// https://www.rfc-editor.org/rfc/rfc9113#section-4.1

/** Follows what is written to one connection. */
export interface HalfAnswers {
  /** Bytes go out; frames may be cut anywhere between two calls. */
  note(bytes: Uint8Array): void;
  /** Whether an answer is half written that was not let go. */
  any(): boolean;
  /** Those that are half written may go out in parts from here on. */
  letGo(): void;
  /** This one may, whether or not it has begun. */
  inParts(stream: number): void;
  /** Nothing more comes of it, whether or not it has ended. */
  over(stream: number): void;
}

const headLength = 9;
const type = { data: 0, headers: 1, reset: 3 } as const;
const endsStream = 1;

/** Nothing has been written. */
export function createHalfAnswers(): HalfAnswers {
  const half = new Set<number>();
  const parts = new Set<number>();
  const head = new Uint8Array(headLength);
  const view = new DataView(head.buffer);
  let known = 0;
  let payload = 0;

  const frame = (): void => {
    const kind = view.getUint8(3);
    const stream = view.getUint32(5);
    if (kind !== type.data && kind !== type.headers && kind !== type.reset) return;
    if (kind === type.reset || (view.getUint8(4) & endsStream) !== 0) {
      half.delete(stream);
      parts.delete(stream);
    } else if (!parts.has(stream)) half.add(stream);
  };
  return {
    note(bytes) {
      let at = 0;
      while (at < bytes.length) {
        if (payload > 0) {
          const passed = Math.min(payload, bytes.length - at);
          payload -= passed;
          at += passed;
          continue;
        }
        const taken = Math.min(headLength - known, bytes.length - at);
        head.set(bytes.subarray(at, at + taken), known);
        known += taken;
        at += taken;
        if (known < headLength) return;
        known = 0;
        payload = view.getUint32(0) >>> 8;
        frame();
      }
    },
    any: () => half.size > 0,
    letGo() {
      for (const stream of half) parts.add(stream);
      half.clear();
    },
    inParts(stream) {
      half.delete(stream);
      parts.add(stream);
    },
    over(stream) {
      half.delete(stream);
      parts.delete(stream);
    },
  };
}
