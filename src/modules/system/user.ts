import { joinShell, sh } from "../../base/shell.ts";
import { absentFile, file } from "../../resources/file.ts";
import { group as groupNamed } from "../../resources/group.ts";
import { becomes, type Ref, type Touch } from "../../resources/resource.ts";
import { absentUser, user, userGroups, userPassword, userShadow, type UserState } from "../../resources/user.ts";
import { arg, type ArgsOf } from "../args.ts";
import { defineModule, type HostView, type Plan, type See } from "../module.ts";
import { asksShadow, planShadow, type UserWork } from "./user-password.ts";
import { nameMistakes, noSecrets, plain } from "./words.ts";

const skeletonKeys = "/etc/skel/.ssh";

const userArgs = {
  name: arg.string("The login name.", { required: true }),
  uid: arg.int("Its number."),
  group: arg.string("Primary group, which has to be there; a new user without it gets a group of its own name."),
  groups: arg.list(arg.string("A group."), "Further groups, which have to be there."),
  append: arg.bool("Leave the user in the groups that `groups` does not name.", { default: false }),
  comment: arg.string("The full name (GECOS)."),
  home: arg.path("The home folder; of a new user `/home/NAME` where it is not given."),
  shell: arg.path("The login shell; of a new user what the system gives where it is not given."),
  system: arg.bool("Take the number of a new user from the range of system users.", { default: false }),
  create_home: arg.bool("Make the home folder. Without it: only for a new user."),
  move_home: arg.bool("Move what is in the old home when `home` changes.", { default: false }),
  password: arg.string(
    "The hash of the password, as crypt(5) writes it: `$6$…`, `$y$…`; `*` for none. Never the password itself.",
    { secret: true },
  ),
  update_password: arg.choice(["always", "on_create"], "`on_create` sets the password of a new user only.", {
    default: "always",
  }),
  password_lock: arg.bool("Whether no password fits, whatever it is. Keys still log in."),
  expires: arg.number("When the account ends, in seconds since 1970; negative for never."),
  state: arg.choice(["present", "absent"], "Whether the user is there.", { default: "present" }),
  remove: arg.bool("With `state: absent`, remove the home folder and the mail box too.", { default: false }),
};
type UserArgs = ArgsOf<typeof userArgs>;

export default defineModule({
  name: "user",
  summary: "Make, change or remove a user.",
  notes: `Works with useradd and usermod, with BusyBox where those are not installed, and on OpenBSD. The password's hash travels to the host
beside the program, is in no list of processes, and is compared by a digest: it is never shown.`,
  args: userArgs,
  validate(args) {
    const mistakes = [
      ...noSecrets(args, ["name", "group", "groups", "comment", "home", "shell"]),
      ...nameMistakes("user", args.name),
    ];
    for (const name of args.groups ?? []) mistakes.push(...nameMistakes("group", name));
    if (typeof args.group === "string" && !/^\d+$/.test(args.group))
      mistakes.push(...nameMistakes("group", args.group));
    if (args.comment !== undefined && /[:\n]/.test(plain(args.comment)))
      mistakes.push("`comment` can hold neither a colon nor a newline");
    for (const path of [args.home, args.shell])
      if (path !== undefined && /[:\n]/.test(path)) mistakes.push(`"${path}" can hold neither a colon nor a newline`);
    if (args.password !== undefined && !/^(\$[^:\s]+|[*!]+)$/.test(plain(args.password))) {
      mistakes.push("`password` is no hash that crypt(5) knows; make one with: openssl passwd -6");
    }
    return mistakes;
  },
  examples: [
    {
      title: "Somebody who administers",
      yaml: "- user: {name: ann, comment: Ann, groups: [sudo], append: true, shell: /bin/bash}",
      only: "doc",
    },
    {
      title: "An account for a service",
      yaml: "- user: {name: exporter, system: true, home: /var/lib/exporter, shell: /usr/sbin/nologin}",
      only: "doc",
    },
    { title: "Gone, with everything", yaml: "- user: {name: bob, state: absent, remove: true}", only: "doc" },
  ],
  needs(args) {
    const name = plain(args.name);
    const refs: Ref[] = [user(name)];
    if (args.state === "absent") return refs;
    if (args.create_home !== false) refs.push(file(args.home ?? `/home/${name}`), file(skeletonKeys));
    if (args.groups !== undefined) refs.push(userGroups(name));
    for (const group of groupsOf(args)) if (!/^\d+$/.test(group)) refs.push(groupNamed(group));
    if (asksShadow(args)) refs.push(userShadow(name));
    if (args.password !== undefined) refs.push(userPassword(name));
    return refs;
  },
  plan(args, see, host): Plan {
    const name = plain(args.name);
    const now = see(user(name));
    if (args.state === "absent") return planAbsent(name, now, args.remove);
    for (const group of groupsOf(args)) {
      if (!/^\d+$/.test(group) && see(groupNamed(group)).state === "absent")
        return { fail: `there is no group ${group} on this host` };
    }
    const work: UserWork = { differs: [], steps: [], becomes: [], touches: [] };
    const isNew = now.state === "absent";
    if (isNew) planNew(name, args, see, work);
    else planFields(name, now, args, see, work);
    if (args.groups !== undefined) planGroups(name, isNew, args, host, see, work);
    const fail = planShadow(name, isNew, args, see, work);
    if (fail !== undefined) return { fail };
    if (work.differs.length === 0) return {};
    return {
      change: { differs: work.differs, apply: joinShell(work.steps), becomes: work.becomes, touches: work.touches },
    };
  },
});

function planAbsent(name: string, now: UserState, remove: boolean): Plan {
  if (now.state === "absent") return {};
  const below: Touch[] = remove && now.home !== null ? [{ kind: "file", below: now.home.replaceAll("%20", " ") }] : [];
  return {
    change: {
      differs: [{ what: "state", of: name, before: "present", after: "absent" }],
      apply: sh`user_remove ${name} ${remove ? "yes" : "no"}`,
      becomes: [becomes(user(name), absentUser)],
      touches: [
        ...below,
        { kind: "group" },
        { kind: "user.groups", below: name },
        { kind: "user.shadow", below: name },
        { kind: "user.password", below: name },
      ],
    },
  };
}

function planNew(name: string, args: UserArgs, see: See, work: UserWork): void {
  const home = args.home ?? `/home/${name}`;
  const group = args.group === undefined ? undefined : plain(args.group);
  const options: string[] = ["-d", home];
  if (args.uid !== undefined) options.push("-u", String(args.uid));
  if (group !== undefined) options.push("-g", group);
  if (args.comment !== undefined) options.push("-c", plain(args.comment));
  if (args.shell !== undefined) options.push("-s", args.shell);
  if (args.system) options.push("-r");
  const makes = args.create_home !== false;
  if (makes) {
    options.push("-m");
    work.steps.push(sh`mkdir -p ${home.slice(0, home.lastIndexOf("/")) || "/"}`);
    homeMade(home, name, group ?? name, see, work);
  }
  work.differs.push({ what: "state", of: name, before: "absent", after: "present" });
  work.steps.push(sh`user_add ${name} ${options}`);
  const byNumber = group !== undefined && /^\d+$/.test(group);
  const fields: Partial<UserState> = { state: "present", home: home.replaceAll(" ", "%20") };
  if (args.uid !== undefined) fields.uid = args.uid;
  if (!byNumber) fields.group = group ?? name;
  if (args.shell !== undefined) fields.shell = args.shell.replaceAll(" ", "%20");
  if (args.comment !== undefined) fields.comment = plain(args.comment) || "-";
  work.becomes.push(becomes(user(name), fields));
  work.touches.push(
    { kind: "group", below: name },
    { kind: "user.groups", below: name },
    { kind: "user.shadow", below: name },
    { kind: "user.password", below: name },
  );
  if (args.groups === undefined) work.becomes.push(becomes(userGroups(name), { groups: null }));
}

/** A home that will be there, with what /etc/skel puts into it: unknown, but for keys, which are seldom among that. */
function homeMade(home: string, name: string, group: string, see: See, work: UserWork): void {
  if (see(file(home)).type !== "absent") return;
  const owner = /^\d+$/.test(group) ? { user: name } : { user: name, group };
  work.becomes.push(becomes(file(home), { type: "directory", ...owner }));
  if (see(file(skeletonKeys)).type === "absent") work.becomes.push(becomes(file(`${home}/.ssh`), absentFile));
  work.touches.push({ kind: "file", below: home });
}

function planFields(name: string, now: UserState, args: UserArgs, see: See, work: UserWork): void {
  const options: string[] = [];
  const fields: Partial<UserState> = {};
  const differ = (what: string, before: string | number | null, after: string | number): void => {
    work.differs.push({ what, of: name, before, after });
  };
  if (args.uid !== undefined && now.uid !== args.uid) {
    differ("uid", now.uid, args.uid);
    options.push("-u", String(args.uid));
    fields.uid = args.uid;
    // The owner of every file of the old number.
    work.touches.push({ kind: "file" });
  }
  const group = args.group === undefined ? undefined : plain(args.group);
  if (group !== undefined && now.group !== group) {
    const byNumber = /^\d+$/.test(group);
    if (!byNumber || now.group === null || see(groupNamed(now.group)).gid !== Number(group)) {
      differ("group", now.group, group);
      options.push("-g", group);
      if (!byNumber) fields.group = group;
      else work.touches.push({ kind: "user", below: name });
    }
  }
  const comment = args.comment === undefined ? undefined : plain(args.comment) || "-";
  if (comment !== undefined && now.comment !== comment) {
    differ("comment", now.comment, comment);
    options.push("-c", comment === "-" ? "" : comment);
    fields.comment = comment;
  }
  const home = args.home?.replaceAll(" ", "%20");
  if (args.home !== undefined && home !== undefined && now.home !== home) {
    differ("home", now.home, args.home);
    options.push("-d", args.home);
    fields.home = home;
    if (args.move_home) {
      options.push("-m");
      work.touches.push(
        { kind: "file", below: args.home },
        { kind: "file", below: now.home?.replaceAll("%20", " ") ?? "/home" },
      );
    }
  }
  const shell = args.shell?.replaceAll(" ", "%20");
  if (args.shell !== undefined && shell !== undefined && now.shell !== shell) {
    differ("shell", now.shell, args.shell);
    options.push("-s", args.shell);
    fields.shell = shell;
  }
  if (options.length > 0) {
    work.steps.push(sh`user_mod ${name} ${options}`);
    // Fields that an earlier step left open stay open.
    work.becomes.push(becomes(user(name), { ...now, ...fields }));
  }
  const at = (home ?? now.home)?.replaceAll("%20", " ");
  if (args.create_home === true && at !== undefined && !args.move_home && see(file(at)).type === "absent") {
    work.differs.push({ what: "state", of: at, before: "absent", after: "directory" });
    work.steps.push(sh`user_home ${name}`);
    homeMade(at, name, fields.group ?? now.group ?? name, see, work);
  }
}

function planGroups(name: string, isNew: boolean, args: UserArgs, host: HostView, see: See, work: UserWork): void {
  const primary = args.group === undefined ? name : plain(args.group);
  const wanted = new Set((args.groups ?? []).map(plain).filter((group) => group !== "" && group !== primary));
  const now = isNew ? [] : (see(userGroups(name)).groups?.split(",") ?? []);
  const add = [...wanted].filter((group) => !now.includes(group));
  const drop = args.append ? [] : now.filter((group) => !wanted.has(group));
  const after = [...now.filter((group) => !drop.includes(group)), ...add].sort();
  const groups = after.length === 0 ? null : after.join(",");
  if (isNew || add.length + drop.length > 0) work.becomes.push(becomes(userGroups(name), { groups }));
  if (add.length + drop.length === 0) return;
  work.differs.push({ what: "groups", of: name, before: now.join(",") || null, after: groups });
  work.steps.push(sh`user_set_groups ${name} ${add.join(",")} ${drop.join(",")}`);
  // A session keeps the groups it began with.
  if (name === host.user) work.touches.push({ kind: "identity" });
}

function groupsOf(args: UserArgs): string[] {
  const groups = (args.groups ?? []).map(plain).filter((group) => group !== "");
  return args.group === undefined ? groups : [plain(args.group), ...groups];
}
