// What `smartcall up` says in the terminal.

/** Says lines to the person who watches. */
export interface Terminal {
  /** A line as it is. */
  say(line: string): void;
  /** A line about something that went well. */
  good(line: string): void;
  /** A line about something that did not. */
  bad(line: string): void;
  /** Text that matters less. */
  dim(text: string): string;
  bold(text: string): string;
  /** Text about something that is wrong. */
  red(text: string): string;
  /** Text about something that is not as it should be yet. */
  yellow(text: string): string;
}

/** The terminal behind a stream; coloured where a person looks and `NO_COLOR` is not set. */
export function terminal(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Terminal {
  const { NO_COLOR: noColor, TERM: term } = env;
  const colours = stream.isTTY && !noColor && term !== "dumb";
  const paint = (code: number) => (text: string) =>
    colours ? `\u001b[${code}m${text}\u001b[0m` : text;
  const green = paint(32);
  const red = paint(31);
  const say = (line: string): void => {
    stream.write(`${line}\n`);
  };
  return {
    say,
    good: (line) => say(`  ${green("✓")} ${line}`),
    bad: (line) => say(`  ${red("✗")} ${line}`),
    dim: paint(2),
    bold: paint(1),
    red,
    yellow: paint(33),
  };
}
