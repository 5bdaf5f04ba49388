import template from "../../../src/modules/files/template.ts";
import { describeCases } from "../harness.ts";

const newline = "newline_sequence holds for every template";

describeCases(
  "template",
  { template },
  {
    "template-crlf": newline,
    "template-crlf-esc": newline,
    "template-src-crlf": newline,
    "template-parent-missing": "check fails, too, since apply would",
  },
);
