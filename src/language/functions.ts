import { coreFunctions } from "./functions/core.ts";
import { dataFunctions } from "./functions/data.ts";
import type { CelFunction } from "./functions/define.ts";
import { listFunctions } from "./functions/lists.ts";
import { networkFunctions } from "./functions/network.ts";
import { quantityFunctions } from "./functions/quantity.ts";
import { semverFunctions } from "./functions/semver.ts";
import { stringFunctions } from "./functions/strings.ts";
import { urlFunctions } from "./functions/url.ts";

export type { CelFunction, FunctionContext } from "./functions/define.ts";

/** Every function of expressions, by name; each is a helper of text by the same name. */
export const functions: ReadonlyMap<string, readonly CelFunction[]> = byName([
  ...coreFunctions,
  ...stringFunctions,
  ...listFunctions,
  ...dataFunctions,
  ...networkFunctions,
  ...urlFunctions,
  ...semverFunctions,
  ...quantityFunctions,
]);

function byName(all: readonly CelFunction[]): Map<string, CelFunction[]> {
  const table = new Map<string, CelFunction[]>();
  for (const one of all) {
    const same = table.get(one.name);
    if (same === undefined) table.set(one.name, [one]);
    else same.push(one);
  }
  return table;
}
