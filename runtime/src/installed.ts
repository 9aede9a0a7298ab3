// Whether this code runs from the repository or from installed packages, for what people are told to type.

/** Whether it runs from packages that were installed: there is no Makefile then. */
const isInstalled = import.meta.url.includes("/node_modules/");

/** What starts a mesh. */
export const startCommand = isInstalled ? "npx smartcall up" : "make up";

/** What makes a program of ours that is not there. */
export const buildRemedy = isInstalled ? "build it first" : "run `make build`";
