import { Secret } from "../base/secret.ts";
import type { Value } from "../base/value.ts";
import { Fault } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";
import { outside } from "./cel-value.ts";
import { contextOf } from "./functions/context.ts";
import { parseText, type TextProgram, TextSyntaxError, type TextValue } from "./handlebars.ts";
import { findJinjaBlock, findJinjaExpression, type Jinja } from "./jinja.ts";
import { type Locate, locateVerbatim } from "./locate.ts";
import type { NamePath } from "./names.ts";
import type { Scope } from "./scope.ts";
import { withoutSecrets, withTaint } from "./taint.ts";
import { type FailText, TextEvaluation } from "./text-evaluate.ts";
import { textNames } from "./text-names.ts";

/** A compiled text. */
export interface Text {
  source: string;
  place: Place;
  /** The names it uses. */
  names: NamePath[];
  /** The value: a text; but of a text that is exactly one `{{ path }}` the value itself, with its type. */
  evaluate(scope: Scope): Value;
  /** The text, secret when a secret went into it. Throws Faults that point into the text, or `Unknown`. */
  render(scope: Scope): string | Secret;
}

const cache = new Map<string, Text>();
const MAX_CACHED = 20_000;

/**
 * Compiles text with `{{ }}`. `place` is where it begins in its file; `locate` maps its offsets to places when it is
 * written differently there (quotes, blocks). Throws a Fault for syntax, Jinja, unknown helpers, `this` and `../`.
 */
export function compileText(source: string, place: Place, locate: Locate = locateVerbatim(source, place)): Text {
  const key = `${place.file}\0${place.line}\0${place.column}\0${source}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = compile(source, place, locate);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(key, made);
  return made;
}

/** Compiles a template file: like `compileText`, with the text as it stands in the file. */
export function compileTemplate(source: string, file: string): Text {
  return compileText(source, { file, line: 1, column: 1 });
}

/** Whether a text is a template at all, or uses what would have been one in Jinja. */
export function isTemplate(source: string): boolean {
  return source.includes("{{") || source.includes("{%") || source.includes("{#");
}

function compile(source: string, place: Place, locate: Locate): Text {
  const fail: FailText = (range, code, message, hint) =>
    new Fault(code, withoutSecrets(message), {
      place: locate(range.start, range.end - range.start),
      ...(hint === undefined ? {} : { hint }),
    });
  const program = parse(source, fail);
  const names = shallow(fail, () => textNames(program, locate, fail));
  const only = onlyPath(program);
  const evaluation = (scope: Scope): TextEvaluation => new TextEvaluation(scope, fail, contextOf(scope));
  const render = (scope: Scope): string | Secret => {
    const value = withTaint(() => shallow(fail, () => evaluation(scope).render(program)));
    if (typeof value === "string" || value instanceof Secret) return value;
    throw new TypeError("a text renders to a text");
  };
  return {
    source,
    place,
    names,
    evaluate: only === undefined ? render : (scope) => withTaint(() => outside(evaluation(scope).value(only))),
    render,
  };
}

/** Blocks nested thousands deep use up the stack: a fault like any other. */
function shallow<T>(fail: FailText, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw fail({ start: 0, end: 1 }, "text-syntax", "the text is nested too deeply");
    throw error;
  }
}

function parse(source: string, fail: FailText): TextProgram {
  const block = findJinjaBlock(source);
  if (block !== undefined) throw jinjaFault(block, fail);
  if (!source.includes("{{"))
    return { body: source === "" ? [] : [{ kind: "content", value: source }], blockParams: [] };
  try {
    return parseText(source);
  } catch (error) {
    if (!(error instanceof TextSyntaxError)) throw error;
    const jinja = error.unreadable ? findJinjaExpression(source, error.start) : undefined;
    throw jinja === undefined ? fail(error, error.code, error.message, error.hint) : jinjaFault(jinja, fail);
  }
}

function jinjaFault(jinja: Jinja, fail: FailText): Fault {
  return fail(jinja, "text-jinja", jinja.message, jinja.hint);
}

function onlyPath(program: TextProgram): TextValue | undefined {
  const [part, ...rest] = program.body;
  if (part?.kind !== "print" || rest.length > 0 || part.value.kind !== "path") return undefined;
  return part.value;
}
