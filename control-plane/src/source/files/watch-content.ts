// Notices that what is read from disk has changed, whatever the events on the way were.

import { type FSWatcher, watch } from "node:fs";

/** How long to wait, in milliseconds. */
export interface WatchTimes {
  /** After an event, before reading; what happens meanwhile belongs to it. */
  readonly quiet: number;
  /** Before what cannot be used is believed: many editors delete a file and write it anew. */
  readonly confirm: number;
  /** Between looks without an event: network folders send none. */
  readonly look: number;
}

/** So often a change may be put off because the next has already begun. */
const maxPutOff = 5;

/** What is watched, and how. */
export interface Watched<T> {
  /** The folders whose events count; asked again after each change. */
  readonly folders: () => Promise<Iterable<string>>;
  /** Reads what is there. Never rejects. */
  readonly read: () => Promise<T>;
  /** The same for the same content. */
  readonly keyOf: (value: T) => string;
  /** Whether it could be that somebody is still writing. */
  readonly isDoubtful: (value: T) => boolean;
  /** Told the first value, and each that differs from the one before. */
  readonly onChange: (value: T) => void;
}

/** Something that watches, until it is closed. */
export interface Watching {
  /** Ends it. No change is told after this was called. */
  readonly close: () => Promise<void>;
}

/** Noticed well within 300 ms, and calm while an editor writes. */
export const standardTimes: WatchTimes = { quiet: 30, confirm: 120, look: 1000 };

/** Watches until closed. Content decides: the same content is no change. */
export function watchContent<T>(watched: Watched<T>, times = standardTimes): Watching {
  const watchers = new Map<string, FSWatcher>();
  let known: string | undefined;
  let isClosed = false;
  let wasTouched = false;
  let putOff = 0;
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;
  let running: Promise<void> = check();

  return {
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await running;
      for (const watcher of watchers.values()) {
        watcher.close();
      }
      watchers.clear();
    },
  };

  async function check(): Promise<void> {
    wasTouched = false;
    // Before reading, so that what changes while it is read is noticed too.
    await watchFolders();
    let value = await watched.read();
    if (watched.isDoubtful(value) && watched.keyOf(value) !== known && known !== undefined) {
      await pause(times.confirm);
      value = await watched.read();
    }
    if (isClosed) {
      return;
    }
    // A folder may have been read half before and half after; the next look is soon.
    putOff = wasTouched && known !== undefined ? putOff + 1 : 0;
    if (putOff === 0 || putOff > maxPutOff) {
      putOff = 0;
      tell(value);
    }
    schedule(wasTouched);
  }

  function tell(value: T): void {
    const key = watched.keyOf(value);
    if (key !== known) {
      known = key;
      watched.onChange(value);
    }
  }

  function schedule(soon: boolean): void {
    if (isClosed) {
      return;
    }
    clearTimeout(timer);
    isLooking = !soon;
    timer = setTimeout(
      () => {
        timer = undefined;
        running = check();
      },
      soon ? times.quiet : times.look,
    );
  }

  function onEvent(): void {
    wasTouched = true;
    // A check that runs sees for itself that it was touched.
    if (timer !== undefined && isLooking) {
      schedule(true);
    }
  }

  async function watchFolders(): Promise<void> {
    const wanted = new Set(await watched.folders());
    for (const [folder, watcher] of watchers) {
      if (!wanted.has(folder)) {
        watcher.close();
        watchers.delete(folder);
      }
    }
    for (const folder of wanted) {
      if (!watchers.has(folder) && !isClosed) {
        add(folder);
      }
    }
  }

  function add(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: true }, (event, name) => {
        // A watched folder that is deleted, or moved, tells its own name and then no more.
        if (event === "rename" && name !== null && folder.endsWith(name)) {
          drop(folder, watcher);
        }
        onEvent();
      });
      watcher.on("error", () => {
        drop(folder, watcher);
        onEvent();
      });
      watchers.set(folder, watcher);
    } catch {
      // Gone since, or the system has no watches left: the regular look does it then.
    }
  }

  function drop(folder: string, watcher: FSWatcher): void {
    watcher.close();
    if (watchers.get(folder) === watcher) {
      watchers.delete(folder);
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
