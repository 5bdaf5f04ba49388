import { Secret } from "../../../base/secret.ts";
import type { Ref } from "../../../resources/resource.ts";
import { type ArgSpec, type ArgsOf, arg } from "../../args.ts";
import type { HostView, See } from "../../module.ts";

/** One kind of thing that `expect` can look at: its keys, what is read, and what is not as expected. */
export interface Expectation {
  /** The argument of `expect`: a list of maps of a fixed form. */
  spec: ArgSpec<object[] | undefined>;
  /** What is certainly looked at. */
  needs(expected: object, host: HostView): Ref[];
  /** `expected X, found Y`, with the name of the thing in front; empty when all is as expected. */
  unmet(expected: object, see: See, host: HostView): string[];
  /** Mistakes in the keys together. */
  validate(expected: object): string[];
}

interface Definition<P extends Record<string, ArgSpec>> {
  doc: string;
  keys: P;
  bare?: keyof P & string;
  needs(expected: ArgsOf<P>, host: HostView): Ref[];
  unmet(expected: ArgsOf<P>, see: See, host: HostView): string[];
  validate?(expected: Partial<ArgsOf<P>>): string[];
}

/** Typed helper: the keys give the type that the functions see. */
export function defineExpectation<const P extends Record<string, ArgSpec>>(definition: Definition<P>): Expectation {
  const { doc, keys, bare, needs, unmet, validate } = definition;
  const form = arg.object(keys, doc, bare === undefined ? {} : { bare });
  return {
    spec: arg.list<object, object>(form as ArgSpec<object>, doc),
    needs: (expected, host) => needs(expected as ArgsOf<P>, host),
    unmet: (expected, see, host) => unmet(expected as ArgsOf<P>, see, host),
    validate: (expected) => [...refuseSecrets(expected), ...(validate?.(expected) ?? [])],
  };
}

/** What is expected is shown when it is not there, so that only a text to be contained may be secret. */
function refuseSecrets(expected: object): string[] {
  const secret = Object.entries(expected).find(
    ([key, value]) => key !== "contains" && [value].flat().some((one) => one instanceof Secret),
  );
  return secret === undefined ? [] : [`${secret[0]} is a secret, and it would be shown`];
}

/** Collects what differs about one thing; what is not asked for (`undefined`) never does. */
export class Unmet {
  readonly list: string[] = [];
  constructor(readonly thing: string) {}

  /** `expected WHAT WANTED, found FOUND` where they are not equal. */
  equal(what: string, wanted: string | number | boolean | undefined, found: string | number | boolean | null): this {
    if (wanted !== undefined && wanted !== found)
      this.add(`expected ${[what, wanted].join(" ").trim()}, found ${found ?? "none"}`);
    return this;
  }

  add(text: string): this {
    this.list.push(`${this.thing}: ${text}`);
    return this;
  }
}
