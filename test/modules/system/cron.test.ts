import cron from "../../../src/modules/system/cron.ts";
import { describeCases } from "../harness.ts";

describeCases("cron", { cron });
