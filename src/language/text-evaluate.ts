import { nearest } from "../base/nearest.ts";
import type { Code } from "../errors/codes.ts";
import type { Fault } from "../errors/fault.ts";
import { aType, type Cel, FunctionError, isCelMap, isList, take } from "./cel-value.ts";
import type { FunctionContext } from "./functions.ts";
import type { TextBlock, TextPart, TextProgram, TextValue } from "./handlebars.ts";
import type { Scope } from "./scope.ts";
import { type Argument, callHelper, isLenient, isTrue, MANAGED, text } from "./text-helpers.ts";

/** Makes the fault of a mistake between two offsets. */
export type FailText = (range: { start: number; end: number }, code: Code, message: string, hint?: string) => Fault;

/** Names of blocks, and `@index` and the like. */
interface Frame {
  names: ReadonlyMap<string, Cel>;
  data: ReadonlyMap<string, Cel>;
  outer: Frame | undefined;
}

/** One evaluation of a text. Throws Faults made by `fail`, and what the scope throws as it is. */
export class TextEvaluation {
  readonly #scope: Scope;
  readonly #fail: FailText;
  readonly #context: FunctionContext;

  constructor(scope: Scope, fail: FailText, context: FunctionContext) {
    this.#scope = scope;
    this.#fail = fail;
    this.#context = context;
  }

  render(program: TextProgram, frame?: Frame): string {
    return program.body.map((part) => this.#part(part, frame)).join("");
  }

  /** The value of a path or a call; a fault when it is not there. */
  value(value: TextValue, frame?: Frame): Cel {
    const found = this.#argument(value, frame, false);
    if (found === undefined)
      throw this.#fail(value, "undefined-key", "there is no value here", 'give one for this case: (default … "")');
    return found;
  }

  #part(part: TextPart, frame: Frame | undefined): string {
    if (part.kind === "content") return part.value;
    if (part.kind === "block") return this.#block(part, frame);
    const value = this.value(part.value, frame);
    try {
      return text(value);
    } catch (error) {
      if (error instanceof FunctionError) throw this.#fail(part.value, "text-print", error.message, error.hint);
      throw error;
    }
  }

  #block(block: TextBlock, frame: Frame | undefined): string {
    if (block.name === "raw") return block.program === undefined ? "" : this.render(block.program, frame);
    const [param] = block.params;
    const value = param === undefined ? undefined : this.#argument(param, frame, true);
    switch (block.name) {
      case "if":
        return this.#branch(isTrue(value) ? block.program : block.inverse, frame);
      case "unless":
        return this.#branch(isTrue(value) ? block.inverse : block.program, frame);
      case "with":
        return this.#with(block, value, frame);
      default:
        return this.#each(block, value, frame);
    }
  }

  #branch(program: TextProgram | undefined, frame: Frame | undefined): string {
    return program === undefined ? "" : this.render(program, frame);
  }

  #with(block: TextBlock, value: Argument, frame: Frame | undefined): string {
    if (block.program === undefined || value === undefined || value === null) return this.#branch(block.inverse, frame);
    const names = new Map([[block.program.blockParams[0] ?? "", value]]);
    return this.render(block.program, { names, data: new Map(), outer: frame });
  }

  #each(block: TextBlock, value: Argument, frame: Frame | undefined): string {
    const { program } = block;
    const pairs = this.#pairs(block, value);
    if (program === undefined || pairs.length === 0) return this.#branch(block.inverse, frame);
    const [first, second] = program.blockParams;
    return pairs
      .map(({ key, item }, index) => {
        const names = new Map<string, Cel>([[first ?? "", item()]]);
        if (second !== undefined) names.set(second, key);
        const data = new Map<string, Cel>([
          ["index", BigInt(index)],
          ["key", key],
          ["first", index === 0],
          ["last", index === pairs.length - 1],
        ]);
        return this.render(program, { names, data, outer: frame });
      })
      .join("");
  }

  #pairs(block: TextBlock, value: Argument): { key: Cel; item: () => Cel }[] {
    if (value === undefined || value === null) return [];
    if (isList(value)) return value.map((item, index) => ({ key: BigInt(index), item: () => take(item) }));
    if (isCelMap(value)) return Object.keys(value).map((key) => ({ key, item: () => take(value[key]) }));
    throw this.#fail(
      block.params[0] ?? block,
      "text-helper",
      `{{#each}} goes over a list or a map, not ${aType(value)}`,
    );
  }

  /** `lenient`: a key below a known name may be missing. Calls of `default` and `get` are never a mistake by themselves. */
  #argument(value: TextValue, frame: Frame | undefined, lenient: boolean): Argument {
    if (value.kind === "literal") return take(value.value);
    if (value.kind === "path") return this.#path(value, frame, lenient);
    const inner = isLenient(value.name);
    const args = value.params.map((param) => this.#argument(param, frame, inner));
    try {
      const missing = value.params.find((_, index) => args[index] === undefined);
      if (missing !== undefined && !inner)
        throw this.#fail(missing, "undefined-key", "there is no value here", 'give one for this case: (default … "")');
      return callHelper(value.name, args, this.#context);
    } catch (error) {
      if (error instanceof FunctionError) throw this.#fail(value, "text-helper", error.message, error.hint);
      throw error;
    }
  }

  #path(path: TextValue & { kind: "path" }, frame: Frame | undefined, lenient: boolean): Argument {
    const [root = "", ...keys] = path.parts;
    let value: Argument = path.data ? this.#data(path, root, frame) : this.#root(path, root, frame);
    for (const [index, key] of keys.entries()) {
      if (value === undefined || (lenient && value === null)) return undefined;
      value = this.#key(path, value, key, index === 0 ? root : (keys[index - 1] ?? ""), lenient);
    }
    return value;
  }

  #data(path: TextValue, name: string, frame: Frame | undefined): Cel {
    for (let at = frame; at !== undefined; at = at.outer) {
      const found = at.data.get(name);
      if (found !== undefined) return found;
    }
    throw this.#fail(
      path,
      "undefined-name",
      `there is no @${name} here`,
      "inside of {{#each}} there are @index, @key, @first and @last",
    );
  }

  #root(path: TextValue, name: string, frame: Frame | undefined): Cel {
    for (let at = frame; at !== undefined; at = at.outer) {
      const found = at.names.get(name);
      if (found !== undefined) return found;
    }
    if (name === "managed") return MANAGED;
    const value = this.#scope.get(name);
    if (value !== undefined) return take(value);
    throw this.#fail(path, "undefined-name", `there is no name ${name}`, this.#rootHint(name, frame));
  }

  #rootHint(name: string, frame: Frame | undefined): string | undefined {
    if (name === "hostvars") return 'write {{get hosts "name" "key"}}';
    const known = [...this.#scope.names()];
    for (let at = frame; at !== undefined; at = at.outer) known.push(...at.names.keys());
    const near = nearest(name, known);
    if (near !== undefined) return `did you mean ${near}?`;
    return /[-+*]/.test(name) ? "text has no operators: compute the value with !expr" : undefined;
  }

  #key(path: TextValue, value: Cel, key: string, below: string, lenient: boolean): Argument {
    if (isCelMap(value)) {
      if (Object.hasOwn(value, key)) return take(value[key]);
      if (lenient) return undefined;
      const near = nearest(key, Object.keys(value));
      throw this.#fail(
        path,
        "undefined-key",
        `there is no key "${key}" in ${below}`,
        near === undefined ? undefined : `did you mean ${near}?`,
      );
    }
    if (isList(value)) {
      const index = /^\d+$/.test(key) ? Number(key) : -1;
      if (index >= 0 && index < value.length) return take(value[index]);
      if (lenient && index >= 0) return undefined;
      const hint =
        key === "length"
          ? `write {{size ${below}}}`
          : "write {{list.[0]}} for the first item, {{#each list as |item|}} for all";
      throw this.#fail(
        path,
        "undefined-key",
        index < 0 ? `${below} is a list and has no key "${key}"` : `the list ${below} has no item ${key}`,
        hint,
      );
    }
    throw this.#fail(path, "undefined-key", `${below} is ${aType(value)} and has no key "${key}"`);
  }
}
