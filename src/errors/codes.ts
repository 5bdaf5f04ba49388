import { cliCodes } from "./codes/cli.ts";
import type { CodePage } from "./codes/code-page.ts";
import { inventoryCodes } from "./codes/inventory.ts";
import { languageCodes } from "./codes/language.ts";
import { playbookCodes } from "./codes/playbook.ts";
import { runCodes } from "./codes/run.ts";

/** The table of codes, put together from one file per area. The pages in docs/errors are generated from here. */
export const codes = {
  ...languageCodes,
  ...inventoryCodes,
  ...playbookCodes,
  ...runCodes,
  ...cliCodes,
} satisfies Record<string, CodePage>;

/** The slug of a code: `unknown-argument`. */
export type Code = keyof typeof codes;
