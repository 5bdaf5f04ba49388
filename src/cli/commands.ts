import type { Command } from "./command.ts";
import { apply } from "./commands/apply.ts";
import { check } from "./commands/check.ts";
import { config } from "./commands/config.ts";
import { doModule } from "./commands/do.ts";
import { doc } from "./commands/doc.ts";
import { evaluate } from "./commands/eval.ts";
import { explain } from "./commands/explain.ts";
import { facts } from "./commands/facts.ts";
import { inventory } from "./commands/inventory.ts";
import { lint } from "./commands/lint.ts";
import { list } from "./commands/list.ts";
import { plan } from "./commands/plan.ts";
import { run } from "./commands/run.ts";
import { verify } from "./commands/verify.ts";

/** Every command, in the order of help. */
export const commands: readonly Command[] = [
  apply,
  check,
  plan,
  verify,
  inventory,
  list,
  facts,
  evaluate,
  run,
  doModule,
  lint,
  doc,
  explain,
  config,
];
