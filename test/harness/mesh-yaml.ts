// Writes the `mesh.yaml` of a test's mesh.

/** What it says. Routes are YAML lines, without the indent of their list. */
export interface MeshYaml {
  /** Default: `test`. */
  readonly mesh?: string;
  readonly port: number;
  /** The file names of the gateway's certificate and key. Default: the mesh's own. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  readonly agents: readonly string[];
  /** What it says of agents, by name. Default: `{}`. */
  readonly said?: Readonly<Record<string, string>>;
  readonly routes?: readonly string[];
}

/** The text of the file. */
export function meshYaml(yaml: MeshYaml): string {
  const { mesh = "test", port, certificate, agents, said = {}, routes = [] } = yaml;
  const own =
    certificate &&
    `, certificate: { cert: { file: ${certificate.cert} }, key: { file: ${certificate.key} } }`;
  return [
    `mesh: ${mesh}`,
    "gateway:",
    `  https: { port: ${port}${own ?? ""} }`,
    "agents:",
    ...agents.map((name) => `  ${name}: ${said[name] ?? "{}"}`),
    ...(routes.length === 0 ? [] : ["routes:"]),
    ...routes.map((route) => `  - ${route}`),
    "",
  ].join("\n");
}
