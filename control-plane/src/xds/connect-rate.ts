// How many streams may begin at once, so that a returning fleet cannot drown us.

import type { Rate } from "@smartcall/runtime";

/** How fast streams may begin. */
export type ConnectRate = Rate;

export { type Allowance, admit } from "@smartcall/runtime";
