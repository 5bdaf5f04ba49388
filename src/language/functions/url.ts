import type { Value } from "../../base/value.ts";
import { FunctionError, type Kept, Special } from "../cel-value.ts";
import { any, type CelFunction, fn, method, string, type Type } from "./define.ts";

class UrlValue extends Special {
  readonly typeName = "url";
  constructor(
    readonly text: string,
    readonly url: URL,
  ) {
    super();
  }
  equals(other: Special): boolean {
    return other instanceof UrlValue && other.url.href === this.url.href;
  }
  override toString(): string {
    return this.text;
  }
  outside(): Value {
    return this.text;
  }
}

const url: Type<UrlValue> = { name: "url", read: (value) => (value instanceof UrlValue ? value : undefined) };

function readUrl(text: string): UrlValue | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  return new UrlValue(text, new URL(text));
}

/** The parts of URLs. */
export const urlFunctions: readonly CelFunction[] = [
  fn("url", [string], "url", "The URL a text shows", (_context, text) => {
    const found = readUrl(text);
    if (found === undefined)
      throw new FunctionError(`"${text}" is no URL`, "for example https://example.net:8443/path");
    return found;
  }),
  fn(
    "isURL",
    [any],
    "bool",
    "Whether a text shows a URL",
    (_context, value) => typeof value === "string" && readUrl(value) !== undefined,
  ),
  method("getScheme", [url], "string", "What stands before ://", (value) => value.url.protocol.replace(/:$/, "")),
  method("getHost", [url], "string", "Host and port", (value) => value.url.host),
  method("getHostname", [url], "string", "The host without port and brackets", (value) =>
    value.url.hostname.replace(/^\[(.*)\]$/, "$1"),
  ),
  method(
    "getPort",
    [url],
    "string",
    "The port as it is written, or an empty text",
    (value) => /^[^/]*\/\/[^/?#]*?:(\d+)(?=[/?#]|$)/.exec(value.text)?.[1] ?? value.url.port,
  ),
  method("getEscapedPath", [url], "string", "The path", (value) => value.url.pathname),
  method("getQuery", [url], "map", "The parameters; each key has a list", (value) => {
    const result = Object.create(null) as { [key: string]: Kept };
    for (const key of value.url.searchParams.keys()) result[key] = value.url.searchParams.getAll(key);
    return result;
  }),
];
