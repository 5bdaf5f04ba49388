import type { Scope } from "../scope.ts";
import type { FunctionContext } from "./define.ts";

/** What the functions of an evaluation may ask for: what the scope says, else the working folder and the own environment. */
export function contextOf(scope: Scope): FunctionContext {
  return { folder: scope.folder ?? process.cwd(), environment: scope.environment ?? process.env };
}
