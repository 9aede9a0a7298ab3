// The type of what lives in a file of its own: certificates and secrets.

import type { FileReference } from "../file-path.ts";
import { problem } from "../problem.ts";
import { object, required } from "../schema/object.ts";
import { text } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";

/** `{ file: PATH }`. */
export const fileReference: Type<FileReference> = reference({});

/** `{ file: PATH }` for a secret: its text itself is refused, and never shown. */
export const secretReference: Type<FileReference> = withoutInline(
  reference({ env: "which environment variable holds the secret" }),
);

/** The same type; a text in its place is a secret, which is refused and never shown. */
export function withoutInline<T>(type: Type<T>): Type<T> {
  return {
    shape: type.shape,
    read: (tree, what, report) => {
      if (tree.kind === "scalar" && typeof tree.value === "string" && tree.value !== "") {
        report(problem("SC601", tree.at, {}));
        return undefined;
      }
      return type.read(tree, what, report);
    },
  };
}

function reference(later: Readonly<Record<string, string>>): Type<FileReference> {
  return object<{ readonly file: string }>(
    "a file reference",
    {
      file: required(
        text("a path", "Write the path of a PEM file, such as `tls/gateway.pem`."),
        {
          about:
            "The path, taken from the folder of the file that names it. The file is read again when it changes.",
          example: "tls/gateway.pem",
        },
        () => "",
      ),
    },
    { later, advice: "Write `{ file: PATH }`." },
  );
}
