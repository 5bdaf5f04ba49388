import file from "../../../src/modules/files/file.ts";
import { describeCases } from "../harness.ts";

const certain = "check fails, too, since apply would";

describeCases(
  "file",
  { file },
  {
    "file-dir-parent-is-file": certain,
    "file-touch-parent-missing": certain,
    "file-link-parent-missing": certain,
    "file-hard-src-dir": certain,
    "file-recurse-dangling": "check says what apply does: nothing",
  },
);
