import get_url from "../../../src/modules/files/get_url.ts";
import { describeCases } from "../harness.ts";

describeCases("get_url", { get_url });
