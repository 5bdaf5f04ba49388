import { group } from "../../../resources/group.ts";
import type { Ref } from "../../../resources/resource.ts";
import { user, userGroups } from "../../../resources/user.ts";
import { arg } from "../../args.ts";
import { defineExpectation, Unmet } from "./expectation.ts";

export const userExpectation = defineExpectation({
  doc: "Users.",
  bare: "name",
  keys: {
    name: arg.string("The user.", { required: true }),
    exists: arg.bool("Whether there is one.", { default: true }),
    uid: arg.int("The number."),
    group: arg.string("The primary group."),
    groups: arg.list(arg.string("A group."), "Groups that it is to be in, among others."),
    home: arg.path("The home."),
    shell: arg.path("The shell."),
  },
  needs: ({ name, groups }) => {
    const refs = [user(String(name)) as unknown as Ref];
    return groups === undefined ? refs : [...refs, userGroups(String(name))];
  },
  unmet(expected, see) {
    const name = String(expected.name);
    const unmet = new Unmet(`user ${name}`);
    const state = see(user(name));
    if ((state.uid !== null) !== expected.exists)
      return unmet.add(
        expected.exists ? "expected to exist, found none" : `expected none, found uid ${state.uid ?? ""}`,
      ).list;
    if (!expected.exists) return unmet.list;
    unmet.equal("uid", expected.uid, state.uid);
    unmet.equal("group", expected.group === undefined ? undefined : String(expected.group), state.group);
    unmet.equal("home", expected.home, state.home?.replaceAll("%20", " ") ?? null);
    unmet.equal("shell", expected.shell, state.shell?.replaceAll("%20", " ") ?? null);
    if (expected.groups === undefined) return unmet.list;
    const found = new Set([
      ...(see(userGroups(name)).groups?.split(",") ?? []),
      ...(state.group === null ? [] : [state.group]),
    ]);
    const missing = expected.groups.map(String).filter((one) => !found.has(one));
    return (
      missing.length === 0
        ? unmet
        : unmet.add(`expected it in ${missing.join(", ")}, found it in ${[...found].join(", ")}`)
    ).list;
  },
});

export const groupExpectation = defineExpectation({
  doc: "Groups.",
  bare: "name",
  keys: {
    name: arg.string("The group.", { required: true }),
    exists: arg.bool("Whether there is one.", { default: true }),
    gid: arg.int("The number."),
  },
  needs: ({ name }) => [group(String(name)) as unknown as Ref],
  unmet({ name, exists, gid }, see) {
    const unmet = new Unmet(`group ${String(name)}`);
    const state = see(group(String(name)));
    if ((state.gid !== null) !== exists)
      return unmet.add(exists ? "expected to exist, found none" : `expected none, found gid ${state.gid ?? ""}`).list;
    return unmet.equal("gid", exists ? gid : undefined, state.gid).list;
  },
});
