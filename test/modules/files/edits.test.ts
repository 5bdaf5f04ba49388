import blockinfile from "../../../src/modules/files/blockinfile.ts";
import lineinfile from "../../../src/modules/files/lineinfile.ts";
import replace from "../../../src/modules/files/replace.ts";
import { describeCases } from "../harness.ts";

const ending = "new lines take the file's line ending";

describeCases(
  "lineinfile",
  { lineinfile },
  {
    "lineinfile-crlf-kept-elsewhere": ending,
    "lineinfile-line-with-cr": ending,
    "lineinfile-after-regex-last-nonl": "a line added at the end comes on a line of its own",
    "lineinfile-validate-no-s": "check fails, too, since apply would",
    "lineinfile-hardlink": "a file with other hard links is written in place, so that they stay one file",
    "lineinfile-multi-line": "several lines that are there are not added again",
    "lineinfile-line-trailing-nl": "a newline at the end of the argument ends the line, and is no empty line after it",
    "lineinfile-regexp-replace-trailing-nl": "a second run changes nothing",
  },
);
describeCases(
  "blockinfile",
  { blockinfile },
  {
    "blockinfile-nonl-block-present": "a marker on the last line is one without a newline, too",
    "blockinfile-crlf": ending,
  },
);
describeCases(
  "replace",
  { replace },
  {
    "replace-crlf": "the dollar stands before the line ending, whichever it is",
  },
);
