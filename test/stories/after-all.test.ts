// Ends what the stories share.
import { endSharedMesh } from "../harness/shared-mesh.ts";

after("the shared mesh ends", async function () {
  this.timeout(30_000);
  await endSharedMesh();
});
