import blockinfile from "../../../src/modules/files/blockinfile.ts";
import lineinfile from "../../../src/modules/files/lineinfile.ts";
import replace from "../../../src/modules/files/replace.ts";
import { describeCases } from "../harness.ts";

describeCases("lineinfile", { lineinfile }, {
  "lineinfile-crlf-kept-elsewhere": "new lines take the file's line ending",
});
describeCases("blockinfile", { blockinfile });
describeCases("replace", { replace });
