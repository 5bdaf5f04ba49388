import { quote } from "../base/shell.ts";
import type { LineFormat } from "./resource.ts";

type FieldType = "word" | "int" | "bool" | "rest";

/**
 * The canonical line of a kind: its fields in order, one space between. `word` is text without spaces (`-` for null),
 * `int` a decimal number (`-` for null), `bool` `yes` or `no`, `rest` free text up to the end of the line (only last;
 * empty is null). A value whose thing is not there is the single word given as `absent`, parsed to `absentValue`.
 */
export function fields<V extends object>(
  spec: { [K in keyof V]-?: FieldType },
  absent?: { word: string; value: V },
): LineFormat<V> {
  const names = Object.keys(spec) as (keyof V & string)[];
  const encode = (name: keyof V & string, value: unknown): string => {
    if (value === null) return spec[name] === "rest" ? "" : "-";
    if (spec[name] === "bool") return value === true ? "yes" : "no";
    return String(value);
  };
  const decode = (name: keyof V & string, text: string): unknown => {
    const type = spec[name];
    if (type === "rest") return text === "" ? null : text;
    if (text === "-") return null;
    if (type === "int") return Number(text);
    if (type === "bool") return text === "yes";
    return text;
  };
  const isAbsent = (value: Partial<V>): boolean =>
    absent !== undefined && names.every((name) => value[name] === absent.value[name]);
  return {
    parse(line) {
      if (absent !== undefined && line === absent.word) return absent.value;
      const result: Record<string, unknown> = {};
      let rest = line;
      names.forEach((name) => {
        if (spec[name] === "rest") {
          result[name] = decode(name, rest);
          return;
        }
        const space = rest.indexOf(" ");
        const text = space < 0 ? rest : rest.slice(0, space);
        rest = space < 0 ? "" : rest.slice(space + 1);
        result[name] = decode(name, text);
      });
      return result as V;
    },
    show(value) {
      if (absent !== undefined && isAbsent(value)) return absent.word;
      return names.map((name) => encode(name, value[name])).join(" ");
    },
    pattern(partial) {
      if (absent !== undefined && isAbsent(partial)) return quote(absent.word);
      return names.map((name) => (name in partial ? quote(encode(name, partial[name])) : "*")).join("' '");
    },
  };
}
