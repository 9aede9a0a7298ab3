// What names in descriptors are made of.

/** Whether a text is one name, without dots. */
export function isName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{0,199}$/.test(text);
}

/** The name that a field has in JSON where its author gave none. */
export function jsonNameOf(name: string): string {
  return name.replaceAll(/_+([a-zA-Z0-9]?)/g, (_, next: string) => next.toUpperCase());
}

/** The name that the type of a map's entries must have. */
export function entryNameOf(field: string): string {
  const words = field.replaceAll(/_+([^_]?)/g, (_, next: string) => next.toUpperCase());
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}Entry`;
}
