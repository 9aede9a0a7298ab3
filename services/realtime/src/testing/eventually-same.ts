// Waits for what comes to rest, for tests.

/** Waits until a number that grows stays as it is for a while; throws where it never does. */
export async function eventuallySame(look: () => number): Promise<void> {
  for (let [before, tries] = [-1, 0]; tries < 30; tries += 1) {
    if (look() > 0 && look() === before) return;
    before = look();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`still ${look()}, and not at rest above 0`);
}
