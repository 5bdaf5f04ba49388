import copy from "../../../src/modules/files/copy.ts";
import { describeCases } from "../harness.ts";

const certain = "check fails, too, since apply would";

describeCases(
  "copy",
  { copy },
  {
    "copy-dest-parent-missing": certain,
    "copy-content-validate-no-s": certain,
    "copy-src-dest-dir-name-clash": certain,
    "copy-checksum-bad": certain,
    "copy-hardlinked": "a file with other hard links is written in place, so that they stay one file",
    "copy-remote-over": "a file that is there keeps its mode, wherever the new content comes from",
  },
);
