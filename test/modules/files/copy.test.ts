import copy from "../../../src/modules/files/copy.ts";
import { describeCases } from "../harness.ts";

describeCases("copy", { copy }, {
  "copy-dest-parent-missing": "check fails, too, since apply would",
});
