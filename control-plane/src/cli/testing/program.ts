// Where the command line's program is, for tests that run it.

import { fileURLToPath } from "node:url";

/** The program. */
export const program = fileURLToPath(new URL("../../../bin/smartcall.js", import.meta.url));
