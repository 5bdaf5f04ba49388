import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Value } from "../../../src/base/value.ts";
import { Secret } from "../../../src/base/secret.ts";
import authorizedKey from "../../../src/modules/system/authorized_key.ts";
import { editKeys, parseKey, showKey } from "../../../src/modules/system/key-lines.ts";
import group from "../../../src/modules/system/group.ts";
import type { Module } from "../../../src/modules/module.ts";
import user from "../../../src/modules/system/user.ts";
import { folder, planOn, type Short, short, textFile } from "./table.ts";

const ann = { "user ann": "present 1000 ann /home/ann /bin/sh Ann", "user.groups ann": "audio,sudo" };
const none = { "user ann": "absent" };
const hash = "$6$salt$abcdef";
const digest = createHash("sha256").update(hash).digest("hex");

const table: {
  module: Module;
  title: string;
  args: { [name: string]: Value };
  state: Record<string, string>;
  expect: Short;
}[] = [
  {
    module: user,
    title: "a new user",
    args: { name: "ann", comment: "Ann", groups: ["sudo"], shell: "/bin/bash", uid: 1500 },
    state: { ...none, "group sudo": "present 27", "file /home": folder },
    expect: {
      differs: ["state of ann: absent → present", "groups of ann: null → sudo"],
      apply: "mkdir -p /home\nuser_add ann -d /home/ann -u 1500 -c Ann -s /bin/bash -m\nuser_set_groups ann sudo ''",
      becomes: {
        "file /home/ann": { type: "directory", user: "ann", group: "ann" },
        "file /home/ann/.ssh": {
          type: "absent",
          mode: null,
          uid: null,
          gid: null,
          user: null,
          group: null,
          size: null,
          links: null,
          leads: null,
          target: null,
          real: null,
        },
        "user ann": {
          state: "present",
          home: "/home/ann",
          uid: 1500,
          group: "ann",
          shell: "/bin/bash",
          comment: "Ann",
        },
        "user.groups ann": { groups: "sudo" },
      },
    },
  },
  {
    module: user,
    title: "a system user without a home",
    args: { name: "ann", system: true, create_home: false, home: "/var/lib/ann", group: "daemon" },
    state: { ...none, "group daemon": "present 1" },
    expect: {
      differs: ["state of ann: absent → present"],
      apply: "user_add ann -d /var/lib/ann -g daemon -r",
      becomes: {
        "user ann": { state: "present", home: "/var/lib/ann", group: "daemon" },
        "user.groups ann": { groups: null },
      },
    },
  },
  {
    module: user,
    title: "a user as declared",
    args: { name: "ann", comment: "Ann", groups: ["sudo", "audio"], uid: 1000 },
    state: { ...ann, "group sudo": "present 27", "group audio": "present 29" },
    expect: {},
  },
  {
    module: user,
    title: "groups appended that are there",
    args: { name: "ann", groups: ["sudo"], append: true },
    state: { ...ann, "group sudo": "present 27" },
    expect: {},
  },
  {
    module: user,
    title: "groups replaced",
    args: { name: "ann", groups: ["sudo", "adm"] },
    state: { ...ann, "group sudo": "present 27", "group adm": "present 4" },
    expect: {
      differs: ["groups of ann: audio,sudo → adm,sudo"],
      apply: "user_set_groups ann adm audio",
      becomes: { "user.groups ann": { groups: "adm,sudo" } },
    },
  },
  {
    module: user,
    title: "no groups any more",
    args: { name: "ann", groups: [] },
    state: ann,
    expect: {
      differs: ["groups of ann: audio,sudo → null"],
      apply: "user_set_groups ann '' audio,sudo",
      becomes: { "user.groups ann": { groups: null } },
    },
  },
  {
    module: user,
    title: "another shell and comment",
    args: { name: "ann", shell: "/bin/bash", comment: "Ann O'Nym" },
    state: ann,
    expect: {
      differs: ["comment of ann: Ann → Ann O'Nym", "shell of ann: /bin/sh → /bin/bash"],
      apply: "user_mod ann -c 'Ann O'\\''Nym' -s /bin/bash",
      becomes: {
        "user ann": {
          state: "present",
          uid: 1000,
          group: "ann",
          home: "/home/ann",
          shell: "/bin/bash",
          comment: "Ann O'Nym",
        },
      },
    },
  },
  {
    module: user,
    title: "a group that is not there",
    args: { name: "ann", groups: ["nope"] },
    state: { ...ann, "group nope": "absent" },
    expect: { fail: "there is no group nope on this host" },
  },
  {
    module: user,
    title: "the password it has",
    args: { name: "ann", password: hash },
    state: { ...ann, "user.password ann": digest },
    expect: {},
  },
  {
    module: user,
    title: "a password of a user that is there",
    args: { name: "ann", password: hash, update_password: "on_create" },
    state: { ...ann, "user.password ann": "-" },
    expect: {},
  },
  {
    module: user,
    title: "no right to look",
    args: { name: "ann", password: hash },
    state: { ...ann, "user.password ann": "denied" },
    expect: { fail: "only root may see and set the password of ann" },
  },
  {
    module: user,
    title: "a password in plain text",
    args: { name: "ann", password: "geheim" },
    state: {},
    expect: { fail: "`password` is no hash that crypt(5) knows; make one with: openssl passwd -6" },
  },
  {
    module: user,
    title: "locked, and for a time",
    args: { name: "ann", password_lock: true, expires: 1727740800 },
    state: { ...ann, "user.shadow ann": "known no -" },
    expect: {
      differs: ["password_lock of ann: false → true", "expires of ann: never → 2024-10-01"],
      apply: "user_lock ann yes\nuser_expire ann 19997",
      becomes: { "user.shadow ann": { state: "known", locked: true, expires: 19997 } },
    },
  },
  {
    module: user,
    title: "locked already",
    args: { name: "ann", password_lock: true, expires: -1 },
    state: { ...ann, "user.shadow ann": "known yes -" },
    expect: {},
  },
  {
    module: user,
    title: "gone, with its home",
    args: { name: "ann", state: "absent", remove: true },
    state: ann,
    expect: {
      differs: ["state of ann: present → absent"],
      apply: "user_remove ann yes",
      becomes: { "user ann": { state: "absent", uid: null, group: null, home: null, shell: null, comment: null } },
    },
  },
  { module: user, title: "gone already", args: { name: "ann", state: "absent" }, state: none, expect: {} },
  {
    module: user,
    title: "a name that is shell",
    args: { name: "a;b" },
    state: {},
    expect: {
      fail: '"a;b" is no name of a user: letters, digits, `_`, `.` and `-`, not starting with a digit, at most 32',
    },
  },
  {
    module: group,
    title: "a new group",
    args: { name: "deploy", gid: 3000, system: true },
    state: { "group deploy": "absent" },
    expect: {
      differs: ["state of deploy: absent → present"],
      apply: "group_add deploy 3000 yes",
      becomes: { "group deploy": { state: "present", gid: 3000 } },
    },
  },
  {
    module: group,
    title: "another number",
    args: { name: "deploy", gid: 3000 },
    state: { "group deploy": "present 2000" },
    expect: {
      differs: ["gid of deploy: 2000 → 3000"],
      apply: "group_gid deploy 3000",
      becomes: { "group deploy": { state: "present", gid: 3000 } },
    },
  },
  {
    module: group,
    title: "a group as declared",
    args: { name: "deploy" },
    state: { "group deploy": "present 2000" },
    expect: {},
  },
  {
    module: group,
    title: "remove a group",
    args: { name: "deploy", state: "absent" },
    state: { "group deploy": "present 2000" },
    expect: {
      differs: ["state of deploy: present → absent"],
      apply: "group_remove deploy",
      becomes: { "group deploy": { state: "absent", gid: null } },
    },
  },
];

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA";
const other = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAB";

describe("modules/system/user and group", () => {
  for (const { module, title, args, state, expect } of table) {
    it(`${module.name}: ${title}`, () => assert.deepEqual(short(planOn(module, args, state)), expect));
  }

  it("sends the hash beside the program and shows it nowhere", () => {
    const plan = planOn(user, { name: "ann", password: new Secret(hash) }, { ...ann, "user.password ann": "-" });
    const change = plan.change;
    assert.ok(change);
    assert.doesNotMatch(
      JSON.stringify({ ...change, blobs: change.apply.blobs.map(({ sha256, size }) => [sha256, size]) }),
      /abcdef"|salt/,
    );
    assert.deepEqual(
      change.apply.blobs.map((blob) => [blob.secret, blob.bytes().toString()]),
      [[true, `ann:${hash}\n`]],
    );
    assert.deepEqual(
      change.becomes.map((one) => one.fields),
      [{ digest }],
    );
  });

  it("notes that a session keeps its groups", () => {
    const state = { "user root": "present 0 root /root /bin/sh root", "group adm": "present 4" };
    const plan = planOn(user, { name: "root", groups: ["adm"] }, state);
    assert.deepEqual(plan.change?.touches, [{ kind: "identity" }]);
  });
});

describe("modules/system/authorized_key", () => {
  const home = { ...ann, "file /home/ann": folder };
  const path = "/home/ann/.ssh/authorized_keys";

  it("takes a line apart and shows it as it was", () => {
    const lines = [
      `${key} me@laptop`,
      `no-pty,command="echo \\"a b\\" c" ${key} x y`,
      key,
      `sk-ssh-ed25519@openssh.com AAAAGnNr`,
    ];
    for (const line of lines) {
      const parsed = parseKey(line);
      assert.ok(parsed, line);
      assert.equal(showKey(parsed), line);
    }
    for (const line of ["", "# x", "garbage", "ssh-ed25519 not!base64", "ssh-ed25519"])
      assert.equal(parseKey(line), undefined);
  });

  it("edits the lines it is about, byte for byte", () => {
    const keys = (text: string) => text.split("\n").flatMap((line) => parseKey(line) ?? []);
    const edit = (text: string, wanted: string, state: "present" | "absent" = "present", exclusive = false): string =>
      editKeys(text, keys(wanted), state, exclusive);
    assert.equal(edit("", `${key} me`), `${key} me\n`);
    assert.equal(edit(`# mine\n${key} me`, `${key} me`), `# mine\n${key} me`);
    assert.equal(edit(`# mine\n${other} old`, `${key} me`), `# mine\n${other} old\n${key} me\n`);
    assert.equal(edit(`${key} old\n${other}\n`, `no-pty ${key} new`), `no-pty ${key} new\n${other}\n`);
    assert.equal(edit(`${key} kept\n`, key), `${key} kept\n`);
    assert.equal(edit(`${key} a\n${other} b\n`, key, "absent"), `${other} b\n`);
    assert.equal(edit(`# c\n${other} b\n${key} a\nrubbish\n`, `${key} a`, "present", true), `# c\n${key} a\n`);
    assert.equal(edit(`${key} a\n${key} b\n`, `${key} a`), `${key} a\n`);
  });

  it("makes the folder and the file as sshd wants them", () => {
    const plan = planOn(authorizedKey, { user: "ann", key: `${key} me` }, home);
    assert.match(
      plan.change?.apply.text ?? "",
      /^file_new_folder \/home\/ann\/\.ssh 0700\nfile_own \/home\/ann\/\.ssh ann ann\nfile_stage_text 'ssh-ed25519 [^']* me\n' \/home\/ann\/\.ssh\/authorized_keys\nfile_commit \/home\/ann\/\.ssh\/authorized_keys 0600 ann ann$/,
    );
    const becomes = short(plan).becomes ?? {};
    assert.deepEqual(Object.keys(becomes), [
      "file /home/ann/.ssh",
      `file ${path}`,
      `file.hash ${path}`,
      `file.content ${path}`,
    ]);
  });

  it("does nothing where all is right, and sets right what sshd would refuse", () => {
    const right = {
      ...home,
      "file /home/ann/.ssh": "directory 0700 1000 1000 ann ann - - - - -",
      ...textFile(path, `${key} me\n`),
      [`file ${path}`]: "file 0600 1000 1000 ann ann 1 1 - - -",
    };
    assert.deepEqual(short(planOn(authorizedKey, { user: "ann", key: `${key} me` }, right)), {});
    const open = {
      ...right,
      "file /home/ann/.ssh": "directory 0777 1000 1000 ann ann - - - - -",
      [`file ${path}`]: "file 0666 0 1000 root ann 1 1 - - -",
    };
    assert.deepEqual(short(planOn(authorizedKey, { user: "ann", key: `${key} me` }, open)).differs, [
      "mode of /home/ann/.ssh: 0777 → 0700",
      `owner of ${path}: root → ann`,
      `mode of ${path}: 0666 → 0600`,
    ]);
  });

  it("says what cannot be", () => {
    const fail = (args: { [name: string]: Value }, state: Record<string, string>): string | undefined =>
      planOn(authorizedKey, args, state).fail;
    assert.equal(fail({ user: "ann", key }, none), "there is no user ann on this host");
    assert.equal(fail({ user: "ann", key }, ann), "the home of ann, /home/ann, does not exist");
    assert.match(fail({ user: "ann", key: "https://example.net/ann.keys" }, home) ?? "", /keys are not fetched/);
    assert.match(fail({ user: "ann", key: "ssh-ed25519 !!" }, home) ?? "", /is no public key/);
    assert.match(fail({ user: "ann", key, exclusive: true, state: "absent" }, home) ?? "", /use one of them/);
  });
});
