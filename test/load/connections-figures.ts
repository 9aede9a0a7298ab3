// What was seen of many connections, as figures and as lines of what failed.
import { counted, megabytes } from "./amounts.ts";
import type { Done } from "./connections-types.ts";
import type { Figure } from "./scenario.ts";
import type { Usage } from "./usage.ts";

/** How many of all were right: all must be. */
export function allOf(what: string, is: number, all: number): Figure {
  return { what, is: counted(is), asked: `all ${counted(all)}`, met: is === all };
}

/** The most that a role held in a phase, in MB; held to a most where one is given. */
export function memory(phase: string, usage: Usage, role: string, most?: number): Figure {
  const is = mostHeld(usage, role);
  const asked = most !== undefined && { asked: `under ${most} MB`, met: is < most };
  return { what: `memory, ${role}, ${phase}`, is: megabytes(is), ...asked };
}

/** The most memory that a process of the role held while it was watched, in MB. */
export function mostHeld({ processes }: Usage, role: string): number {
  const samples = processes.filter((one) => one.role === role).flatMap((one) => one.samples);
  return Math.max(...samples.map(({ megabytes }) => megabytes));
}

/** None where all were right; a refusal is none. */
export function problemsOf(phase: string, { failed, problems, refused }: Done): readonly string[] {
  const reasons = Object.entries(refused);
  const failures = `${phase}: ${counted(failed)} failed, such as: ${problems.slice(0, 3).join("; ")}`;
  return [
    ...reasons.map(([why, many]) => `${phase}: ${counted(many)} refused: ${why}`),
    ...(failed > 0 ? [failures] : []),
  ];
}
