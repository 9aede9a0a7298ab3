// What the control plane keeps over its own end: small texts by name.

import type { Outcome } from "./outcome.ts";

/**
 * Small texts by name, such as `keys/abc.json`. Every failure is a value.
 *
 * A text is there whole or not at all, for this process and every other that
 * uses the same state at the same time; nothing is remembered in between.
 */
export interface State {
  /** The text, or undefined where there is none. */
  read(name: string): Promise<Outcome<string | undefined>>;
  /** Replaces the text. It is on the disk when this resolves. */
  write(name: string, text: string): Promise<Outcome<undefined>>;
  /**
   * Adds a line of its own at the end; what was there before is never touched. A
   * line that an earlier end cut short stays as it is, and the next begins anew.
   */
  append(name: string, line: string): Promise<Outcome<undefined>>;
  /** Writes the text unless there is one, and returns the one that is there then. */
  writeOnce(name: string, text: string): Promise<Outcome<string>>;
  /** The names in one folder, sorted; none where there is no such folder. */
  list(folder: string): Promise<Outcome<readonly string[]>>;
  /** Takes the text away. One that is not there is no failure. */
  remove(name: string): Promise<Outcome<undefined>>;
  /** Moves a text that makes no sense out of the way, to be looked at; returns its new name. */
  setAside(name: string): Promise<Outcome<string>>;
  /** The file that a text is in, for processes that are handed a path. */
  path(name: string): string;
}
