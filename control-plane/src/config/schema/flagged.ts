// Marks a value that was read with mistakes, so that what follows from them is not reported too.

import type { Type } from "./type.ts";

/** The same type; its value also says whether anything in it was reported. */
export function flagged<T extends object>(type: Type<T>): Type<T & { readonly flawed: boolean }> {
  return {
    shape: type.shape,
    read: (tree, what, report) => {
      let flawed = false;
      const value = type.read(tree, what, (found) => {
        flawed = true;
        report(found);
      });
      return value && { ...value, flawed };
    },
  };
}
