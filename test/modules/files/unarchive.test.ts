import unarchive from "../../../src/modules/files/unarchive.ts";
import { describeCases } from "../harness.ts";

describeCases(
  "unarchive",
  { unarchive },
  {
    "unarchive-tgz-keep-newer": "a file that is left alone is no difference",
    "unarchive-zip-exclude": "a folder that is left out is so with what is in it, in every format",
    "unarchive-zip-include-missing": "check fails, too, since apply would",
    "unarchive-dot": "the folder that is unpacked into keeps its own mode",
  },
);
