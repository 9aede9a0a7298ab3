// A sentence from a process to the one that started it, for the person at the terminal.

import { textIn } from "./json.ts";

const key = "tell";

/** Tells the process that started this one; does nothing where there is no IPC channel to it. */
export function tellParent(text: string): void {
  if (process.connected) process.send?.({ [key]: text });
}

/** What a child said with `tellParent`, or undefined where the message is another one. */
export function toldBy(message: unknown): string | undefined {
  return textIn(message, key);
}
