import file from "../../../src/modules/files/file.ts";
import { describeCases } from "../harness.ts";

describeCases("file", { file });
