import { nearest } from "../base/nearest.ts";
import { Fault } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";
import type { Option } from "./command.ts";

export type Given = string | boolean | readonly string[];

/** A value of provision.yml with its place. */
export interface FileSetting {
  value: Given;
  place: Place;
}

export interface Setting {
  value: Given | undefined;
  /** For people: `--limit`, `PROVISION_LIMIT`, `provision.yml:3:1`, `default`. */
  from: string;
}

/** The options of a command: from the command line, else `PROVISION_OPTION`, else provision.yml. */
export class Settings {
  readonly #options: ReadonlyMap<string, Option>;
  readonly #values = new Map<string, Setting>();

  /** Throws `Fault` for a value of the environment or the file that does not fit. */
  constructor(
    options: readonly Option[],
    line: Readonly<Record<string, Given | undefined>>,
    env: Readonly<Record<string, string | undefined>>,
    file: ReadonlyMap<string, FileSetting>,
  ) {
    this.#options = new Map(options.map((option) => [option.name, option]));
    for (const option of options) this.#values.set(option.name, settle(option, line, env, file));
  }

  /** The value of an option with one value. */
  text(name: string): string | undefined {
    const { value } = this.setting(name);
    return typeof value === "string" ? value : undefined;
  }

  /** A switch; undefined where nobody said anything. */
  flag(name: string): boolean | undefined {
    const { value } = this.setting(name);
    return typeof value === "boolean" ? value : undefined;
  }

  /** All values of an option that may be repeated. */
  list(name: string): readonly string[] {
    const { value } = this.setting(name);
    if (typeof value === "string") return [value];
    return typeof value === "object" ? value : [];
  }

  /** Values separated by commas: `--tags a,b`. */
  words(name: string): string[] {
    return this.list(name)
      .flatMap((text) => text.split(","))
      .map((word) => word.trim())
      .filter((word) => word !== "");
  }

  /** A whole number from 1. Throws `Fault`. */
  number(name: string, fallback: number): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    if (!/^[1-9]\d{0,5}$/.test(text)) {
      throw new Fault("bad-option", `${this.setting(name).from} has to be a whole number from 1, and is "${text}"`);
    }
    return Number(text);
  }

  setting(name: string): Setting {
    const setting = this.#values.get(name);
    if (setting === undefined || !this.#options.has(name)) throw new TypeError(`this command has no option ${name}`);
    return setting;
  }

  has(name: string): boolean {
    return this.#options.has(name);
  }
}

/** `PROVISION_SKIP_TAGS` for `skip-tags`. */
export function variableOf(option: string): string {
  return `PROVISION_${option.toUpperCase().replaceAll("-", "_")}`;
}

function settle(
  option: Option,
  line: Readonly<Record<string, Given | undefined>>,
  env: Readonly<Record<string, string | undefined>>,
  file: ReadonlyMap<string, FileSetting>,
): Setting {
  const given = line[option.name];
  if (given !== undefined) return { value: given, from: `--${option.name}` };
  if (option.standing === false) return { value: undefined, from: "default" };
  const variable = variableOf(option.name);
  const text = env[variable];
  if (text !== undefined && text !== "") {
    return { value: fromText(option, text, variable), from: variable };
  }
  const entry = file.get(option.name);
  if (entry === undefined) return { value: undefined, from: "default" };
  const from = `${entry.place.file}:${entry.place.line}:${entry.place.column}`;
  return { value: fromFile(option, entry), from };
}

function fromText(option: Option, text: string, variable: string): Given {
  if (option.value !== undefined) return checkChoice(option, option.repeat === true ? [text] : text, variable);
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  throw new Fault("bad-option", `${variable} has to be true or false, and is "${text}"`);
}

function fromFile(option: Option, { value, place }: FileSetting): Given {
  if (option.value === undefined) {
    if (typeof value === "boolean") return value;
    throw new Fault("bad-option", `${option.name} has to be true or false`, { place });
  }
  if (typeof value === "boolean") throw new Fault("bad-option", `${option.name} has to be text`, { place });
  if (typeof value === "object" && option.repeat !== true) {
    throw new Fault("bad-option", `${option.name} has to be one text, and is a list`, { place });
  }
  return checkChoice(option, value, option.name, place);
}

function checkChoice(option: Option, value: string | readonly string[], name: string, place?: Place): Given {
  const { choices } = option;
  if (choices === undefined || typeof value !== "string" || choices.includes(value)) return value;
  const near = nearest(value, choices);
  throw new Fault("bad-option", `${name} is one of ${choices.join(", ")}, and not "${value}"`, {
    ...(place === undefined ? {} : { place }),
    ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
  });
}
