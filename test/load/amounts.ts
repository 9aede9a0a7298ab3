// Numbers as a reader sees them, with their units.

/** Such as "12.4 ms". */
export function milliseconds(value: number): string {
  return `${value < 100 ? value.toFixed(1) : Math.round(value)} ms`;
}

/** Of the whole, such as "99.98 %". A share that is not whole is never shown as if it were. */
export function share(value: number): string {
  const percent = value * 100;
  if (Number.isInteger(percent)) return `${percent} %`;
  const shown = percent.toFixed(2);
  return `${shown === "100.00" || shown === "0.00" ? percent.toPrecision(6) : shown} %`;
}

/** Such as "12,400", or "0.31". */
export function counted(value: number): string {
  const digits = Math.abs(value) < 10 && !Number.isInteger(value) ? 2 : 0;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}

/** Such as "87 MB". */
export function megabytes(value: number): string {
  return `${Math.round(value)} MB`;
}
