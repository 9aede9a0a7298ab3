// The renderer of the page: which of its files are served, and where the build puts them.

/** Of the package `swagger-ui-dist`. */
export const rendererFiles = ["swagger-ui.css", "swagger-ui-bundle.js"] as const;

/** Beside what is compiled, so that nobody who installs the command line installs the package. */
export const rendererFolder = new URL("../../../dist/renderer/", import.meta.url);
