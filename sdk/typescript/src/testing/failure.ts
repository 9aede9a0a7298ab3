// What a call fails with.
import { SmartCallError } from "../errors.ts";

/** The error that something rejects with. Throws where it does not, or with anything else. */
export async function failureOf(act: Promise<unknown>): Promise<SmartCallError> {
  const thrown: unknown = await act.then(
    (value) => new Error(`it succeeded: ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (thrown instanceof SmartCallError) return thrown;
  throw thrown;
}

/** What came of a stream until it ended or failed. */
export async function readAll(
  stream: AsyncIterable<{ readonly text: string }>,
): Promise<{ readonly pieces: readonly string[]; readonly error: SmartCallError | undefined }> {
  const pieces: string[] = [];
  try {
    for await (const { text } of stream) pieces.push(text);
    return { pieces, error: undefined };
  } catch (error) {
    if (error instanceof SmartCallError) return { pieces, error };
    throw error;
  }
}
