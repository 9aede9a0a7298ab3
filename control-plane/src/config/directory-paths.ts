// Where a mesh tells its callers of itself.

/** The gRPC service of the directory. */
export const directoryService = "smartcall.v1.DirectoryService";

/** Its paths by REST. */
export const directoryPaths = {
  /** The agents; under it, after a slash, one of them. */
  agents: "/v1/agents",
  /** What callers may call, as an OpenAPI document. */
  document: "/openapi.json",
  /** The page to read that in; its files are under it. */
  docs: "/docs",
} as const;

/** The files of the page, under its path. */
export const docsFiles = ["docs.css", "docs.js", "swagger-ui.css", "swagger-ui-bundle.js"] as const;

/** What the page may do in a browser: show itself and call who serves it, and nothing else. */
export const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The services of gRPC's reflection, newest first. */
export const reflectionServices = [
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
] as const;

/** The scope that reflection asks for. */
export const reflectionScope = "mesh:reflect";
