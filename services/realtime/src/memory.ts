// How much the service holds for each caller, and for all of them: counted, so that it is bounded.

/** The most that may be held, in bytes. */
export interface MemoryBounds {
  readonly ofCaller: number;
  readonly ofAll: number;
}

/** Who has no room for more, or that there is room. */
export type Room = "room" | "caller" | "all";

/** What is held for one socket, out of what its caller may have, and all. */
export interface Share {
  /** Counts so many bytes more, where there is room for them. */
  take(bytes: number): Room;
  /** Counts so many more in any case: they are there already. */
  hold(bytes: number): void;
  give(bytes: number): void;
  /** Whether its caller, or all, have more than they may. */
  readonly room: Room;
  /** Gives all of it back, once. */
  close(): void;
}

/** The whole. */
export interface Memory {
  /** In bytes. */
  readonly held: number;
  shareOf(caller: string): Share;
}

/** Holds nothing yet. */
export function createMemory({ ofAll, ofCaller }: MemoryBounds): Memory {
  const callers = new Map<string, number>();
  let all = 0;
  return {
    get held() {
      return all;
    },
    shareOf(caller) {
      let own = 0;
      let closed = false;
      const roomFor = (bytes: number): Room => {
        if ((callers.get(caller) ?? 0) + bytes > ofCaller) return "caller";
        return all + bytes > ofAll ? "all" : "room";
      };
      const hold = (bytes: number): void => {
        if (closed) return;
        own += bytes;
        all += bytes;
        const left = (callers.get(caller) ?? 0) + bytes;
        if (left === 0) callers.delete(caller);
        else callers.set(caller, left);
      };
      return {
        get room() {
          return roomFor(0);
        },
        take(bytes) {
          const room = roomFor(bytes);
          if (room === "room") hold(bytes);
          return room;
        },
        hold,
        give: (bytes) => hold(-bytes),
        close() {
          hold(-own);
          closed = true;
        },
      };
    },
  };
}
