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

/**
 * What code generators call a value of an enum: without the enum's name before it, each word
 * with one capital. C++ wants it to be another one for each number.
 */
export function generatedNameOf(enumName: string, value: string): string {
  const letters = [...enumName.replaceAll("_", "")].join("_*");
  const rest = value.replace(new RegExp(`^_*${letters}_*(?=[^_])`, "i"), "");
  return rest.replaceAll(
    /_*([^_])([^_]*)|_+/g,
    (_, first = "", others = "") => `${first.toUpperCase()}${others.toLowerCase()}`,
  );
}

/** A name of a stranger's, short enough to be told. */
export function shown(name: string): string {
  return JSON.stringify(name.slice(0, 200));
}
