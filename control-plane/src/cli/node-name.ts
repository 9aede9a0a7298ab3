// The name of a node, as commands take it.

import { InvalidArgumentError } from "commander";
import { nodeNamePattern } from "../source/node-name.ts";

/** A gateway's name, or an agent's. */
export function nodeName(text: string): string {
  if (nodeNamePattern.test(text)) return text;
  throw new InvalidArgumentError("use 1 to 63 lower-case letters, digits and dashes, such as g2.");
}
