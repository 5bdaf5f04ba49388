import { nearest } from "../base/nearest.ts";
import type { FailText } from "./text-evaluate.ts";
import type { TextBlock, TextProgram, TextValue } from "./handlebars.ts";
import type { Locate } from "./locate.ts";
import { type NamePath, pathText } from "./names.ts";
import { checkHelper, helperNames, isLenient } from "./text-helpers.ts";

const BLOCKS = ["if", "unless", "each", "with"];

interface Known {
  bound: ReadonlySet<string>;
  /** Paths that an `{{#if}}`, `{{#each}}` or `{{#with}}` around has asked for. */
  exist: ReadonlySet<string>;
}

/** Every name a text uses. Checks helpers and blocks on the way: throws a Fault for unknown ones and wrong arguments. */
export function textNames(root: TextProgram, locate: Locate, fail: FailText): NamePath[] {
  const walk = new Walk(locate, fail);
  walk.program(root, { bound: new Set(["managed"]), exist: new Set() });
  return walk.found;
}

class Walk {
  readonly found: NamePath[] = [];
  readonly #locate: Locate;
  readonly #fail: FailText;

  constructor(locate: Locate, fail: FailText) {
    this.#locate = locate;
    this.#fail = fail;
  }

  program(program: TextProgram | undefined, known: Known): void {
    for (const part of program?.body ?? []) {
      if (part.kind === "print") this.#value(part.value, known, false);
      else if (part.kind === "block") this.#block(part, known);
    }
  }

  #block(block: TextBlock, known: Known): void {
    if (block.name === "raw" && block.params.length === 0) return;
    this.#checkBlock(block);
    const [param] = block.params;
    if (param === undefined) return;
    this.#value(param, known, true);
    const inside = {
      bound: new Set([...known.bound, ...(block.program?.blockParams ?? [])]),
      exist: new Set([...known.exist, ...askedFor(param)]),
    };
    this.program(block.program, block.name === "unless" ? known : inside);
    this.program(block.inverse, block.name === "unless" ? inside : known);
  }

  #checkBlock(block: TextBlock): void {
    if (!BLOCKS.includes(block.name)) {
      const near = nearest(block.name, BLOCKS);
      throw this.#fail(
        block,
        "text-helper",
        `there is no block {{#${block.name}}}`,
        near === undefined
          ? "the blocks are if, unless, each and with: {{#each list as |item|}}"
          : `did you mean {{#${near}}}?`,
      );
    }
    if (block.params.length !== 1)
      throw this.#fail(
        block,
        "text-helper",
        `{{#${block.name}}} takes one value`,
        `put a helper in parentheses: {{#${block.name} (eq a b)}}`,
      );
    const names = block.program?.blockParams.length ?? 0;
    const named = block.program === undefined || names > 0;
    if (block.name === "each" && !named)
      throw this.#fail(
        block,
        "text-context",
        "{{#each}} has to name its item",
        "write {{#each list as |item|}}, or {{#each map as |value key|}}",
      );
    if (block.name === "with" && !named)
      throw this.#fail(block, "text-context", "{{#with}} has to name its value", "write {{#with value as |name|}}");
    const most = block.name === "each" ? 2 : block.name === "with" ? 1 : 0;
    if (names > most) throw this.#fail(block, "text-helper", `{{#${block.name}}} names at most ${most}`);
  }

  #value(value: TextValue, known: Known, lenient: boolean): void {
    if (value.kind === "literal") return;
    if (value.kind === "path") {
      this.#path(value, known, lenient);
      return;
    }
    const problem = checkHelper(value.name, value.params.length);
    if (problem === "unknown") {
      const near = nearest(value.name, helperNames());
      throw this.#fail(
        value,
        "unknown-function",
        `there is no helper ${value.name}`,
        near === undefined ? undefined : `did you mean ${near}?`,
      );
    }
    if (problem === "count")
      throw this.#fail(
        value,
        "text-helper",
        `the helper ${value.name} does not take ${value.params.length} argument${value.params.length === 1 ? "" : "s"}`,
      );
    for (const [index, param] of value.params.entries()) {
      // The last argument of `default` is the one that has to be there.
      const last = value.name === "default" && index === value.params.length - 1;
      this.#value(param, known, isLenient(value.name) && !last);
    }
  }

  #path(value: TextValue & { kind: "path" }, known: Known, lenient: boolean): void {
    const [root = "", ...path] = value.parts;
    if (value.data || known.bound.has(root)) return;
    const asked = path.reduce(
      (length, _, index) => (known.exist.has(pathText(root, path.slice(0, index + 1))) ? index + 1 : length),
      0,
    );
    const guardedParts = path.map((_, index) => lenient || index < asked);
    this.found.push({
      root,
      path,
      place: this.#locate(value.start, value.end - value.start),
      guarded: guardedParts.at(-1) ?? false,
      guardedParts,
    });
  }
}

/** Paths that exist when a value is true. */
function askedFor(value: TextValue): string[] {
  if (value.kind === "path" && !value.data) return [pathText(value.parts[0] ?? "", value.parts.slice(1))];
  if (value.kind === "call" && value.name === "and") return value.params.flatMap(askedFor);
  return [];
}
