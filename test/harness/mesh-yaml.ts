// Writes the `mesh.yaml` of a test's mesh.

/** What it says. Routes are YAML lines, without the indent of their list. */
export interface MeshYaml {
  readonly port: number;
  readonly agents: readonly string[];
  readonly routes?: readonly string[];
}

/** The text of the file. */
export function meshYaml({ port, agents, routes = [] }: MeshYaml): string {
  return [
    "mesh: test",
    "gateway:",
    `  https: { port: ${port} }`,
    "agents:",
    ...agents.map((name) => `  ${name}: {}`),
    ...(routes.length === 0 ? [] : ["routes:"]),
    ...routes.map((route) => `  - ${route}`),
    "",
  ].join("\n");
}
