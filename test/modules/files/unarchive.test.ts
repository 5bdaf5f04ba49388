import unarchive from "../../../src/modules/files/unarchive.ts";
import { describeCases } from "../harness.ts";

describeCases("unarchive", { unarchive });
