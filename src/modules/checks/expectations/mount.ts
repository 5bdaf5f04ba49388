import { mount } from "../../../resources/mount.ts";
import type { Ref } from "../../../resources/resource.ts";
import { arg } from "../../args.ts";
import { defineExpectation, Unmet } from "./expectation.ts";

export const mountExpectation = defineExpectation({
  doc: "Mounted file systems, as the kernel lists them.",
  bare: "path",
  keys: {
    path: arg.path("Where it is mounted.", { required: true }),
    mounted: arg.bool("Whether something is.", { default: true, aliases: ["exists"] }),
    source: arg.string("What is mounted: a device, `server:/path`."),
    fstype: arg.string("The kind of file system."),
    options: arg.list(arg.string("An option."), "Options that it is to have, among others."),
  },
  needs: ({ path }) => [mount(pathOf(path)) as unknown as Ref],
  unmet(expected, see) {
    const unmet = new Unmet(`mount ${expected.path}`);
    const state = see(mount(pathOf(expected.path)));
    if ((state.source !== null) !== expected.mounted)
      return unmet.add(
        expected.mounted ? "expected a file system, found none" : `expected none, found ${state.source ?? ""}`,
      ).list;
    if (!expected.mounted) return unmet.list;
    unmet.equal("source", text(expected.source), decode(state.source));
    unmet.equal("fstype", text(expected.fstype), state.type);
    const found = decode(state.options)?.split(",") ?? [];
    const missing = (expected.options ?? []).map(String).filter((option) => !found.includes(option));
    return (
      missing.length === 0 ? unmet : unmet.add(`expected the options ${missing.join(",")}, found ${found.join(",")}`)
    ).list;
  },
});

function pathOf(path: string): string {
  return path.replace(/\/+$/, "") || "/";
}

function text(value: string | object | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

/** The kernel writes a space as `\040`. */
function decode(word: string | null): string | null {
  return word?.replace(/\\(\d{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8))) ?? null;
}
