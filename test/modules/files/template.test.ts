import template from "../../../src/modules/files/template.ts";
import { describeCases } from "../harness.ts";

describeCases("template", { template });
