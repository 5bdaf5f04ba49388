import type { Value } from "../base/value.ts";
import { Fault } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";
import { CelSyntaxError, parseCel } from "./cel.ts";
import { checkCalls } from "./cel-calls.ts";
import { CelEvaluation, type Fail } from "./cel-evaluate.ts";
import { checkTypes } from "./cel-types.ts";
import { celNames, existsWhenTrue } from "./cel-names.ts";
import { FunctionError, outside } from "./cel-value.ts";
import { contextOf } from "./functions/context.ts";
import { type Locate, locateVerbatim } from "./locate.ts";
import type { NamePath } from "./names.ts";
import type { Scope } from "./scope.ts";
import { withoutSecrets, withTaint } from "./taint.ts";

/** A compiled expression. */
export interface Expression {
  source: string;
  place: Place;
  /** The names it uses. */
  names: NamePath[];
  /** Paths (`k3s.token`) that certainly exist where the expression is true, because it asks for them with has(). */
  guards: readonly string[];
  /** The value. Throws a Fault that points into the expression, or the `Unknown` of a value that is needed and not known. */
  evaluate(scope: Scope): Value;
}

const cache = new Map<string, Expression>();
const MAX_CACHED = 20_000;

/**
 * Compiles CEL. `place` is where the expression begins in its file; `locate` maps its offsets to places when the text in
 * the file is written differently (quotes, blocks). Throws a Fault for syntax, unknown functions and wrong numbers of
 * arguments.
 */
export function compileExpression(
  source: string,
  place: Place,
  locate: Locate = locateVerbatim(source, place),
): Expression {
  const key = `${place.file}\0${place.line}\0${place.column}\0${source}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = compile(source, place, locate);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(key, made);
  return made;
}

function compile(source: string, place: Place, locate: Locate): Expression {
  const ast = parse(source, locate);
  const fail: Fail = (node, code, message, hint) =>
    new Fault(code, withoutSecrets(message), {
      place: locate(node.start, node.end - node.start),
      ...(hint === undefined ? {} : { hint }),
    });
  const names = readNames(ast, locate, fail);
  return {
    source,
    place,
    names,
    guards: existsWhenTrue(ast),
    evaluate: (scope) =>
      withTaint(() => {
        try {
          return outside(new CelEvaluation(scope, fail, contextOf(scope)).run(ast, undefined));
        } catch (error) {
          if (error instanceof FunctionError) throw fail(ast, "expression-value", error.message, error.hint);
          if (error instanceof RangeError) throw fail(ast, "expression-limit", "the expression is nested too deeply");
          throw error;
        }
      }),
  };
}

/** The names of an expression, once its calls and types have been checked. */
function readNames(ast: ReturnType<typeof parseCel>, locate: Locate, fail: Fail): NamePath[] {
  try {
    checkCalls(ast, fail);
    checkTypes(ast, fail);
    return celNames(ast, locate);
  } catch (error) {
    if (error instanceof RangeError) throw fail(ast, "expression-limit", "the expression is nested too deeply");
    throw error;
  }
}

function parse(source: string, locate: Locate): ReturnType<typeof parseCel> {
  try {
    return parseCel(source);
  } catch (error) {
    if (!(error instanceof CelSyntaxError)) throw error;
    const place = locate(error.start, error.end - error.start);
    throw new Fault("expression-syntax", error.message, {
      place,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}
