// A path as it is said to a person.

import { isAbsolute, relative } from "node:path";

/** From the working folder where it lies below it, else as it is. */
export function fromHere(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("..") || isAbsolute(short) ? path : short;
}
