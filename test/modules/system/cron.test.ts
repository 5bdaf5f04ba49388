import cron from "../../../src/modules/system/cron.ts";
import { describeCases } from "../harness.ts";

describeCases(
  "cron",
  { cron },
  {
    "cron-parent": "check fails, too, since apply would",
    "cron-trailing-blank": "untouched text stays as it is",
  },
);
