// The end of `make build`: each program of a mesh that is ours in one file.
import { makeBundles } from "./bundle.ts";

await makeBundles();
