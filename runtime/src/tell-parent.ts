// A sentence from a process to the one that started it, for the person at the terminal.

const key = "tell";

/** Tells the process that started this one; does nothing where there is no IPC channel to it. */
export function tellParent(text: string): void {
  if (process.connected) process.send?.({ [key]: text });
}

/** What a child said with `tellParent`, or undefined where the message is another one. */
export function toldBy(message: unknown): string | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  const text = new Map<string, unknown>(Object.entries(message)).get(key);
  return typeof text === "string" ? text : undefined;
}
