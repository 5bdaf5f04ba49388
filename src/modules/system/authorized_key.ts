import { blobOf } from "../../base/blob.ts";
import type { Secret } from "../../base/secret.ts";
import { joinShell } from "../../base/shell.ts";
import { bytesOf, fileContent } from "../../resources/file-content.ts";
import { fileHash } from "../../resources/file-hash.ts";
import { absentFile, file } from "../../resources/file.ts";
import { becomes, type Ref } from "../../resources/resource.ts";
import { user } from "../../resources/user.ts";
import { arg } from "../args.ts";
import {
  joinParts,
  noContentBecomes,
  noPart,
  overlay,
  type Part,
  putAttributes,
  putFile,
  whyNotFile,
} from "../files/put-file.ts";
import { defineModule, type Plan } from "../module.ts";
import { type AuthorizedKey, editKeys, parseKey } from "./key-lines.ts";
import { makeFolder } from "./folder.ts";
import { nameMistakes, noSecrets, plain } from "./words.ts";

export default defineModule({
  name: "authorized_key",
  summary: "Let SSH keys log in as a user, or no longer.",
  notes: `Keys are told apart by their key data: one that is there with other options or another comment is changed in its place. Comment
lines of the file stay. Without \`path\` the folder ~/.ssh and the file are the user's own, 0700 and 0600, which sshd demands.`,
  args: {
    user: arg.string("Whose login.", { required: true }),
    key: arg.list(
      arg.string("One or more lines."),
      "Public keys, as in a .pub file; text of several lines, or a list.",
      { required: true },
    ),
    state: arg.choice(["present", "absent"], "Whether the keys are in the file.", { default: "present" }),
    exclusive: arg.bool("No other keys than these.", { default: false }),
    path: arg.path("The file; ~/.ssh/authorized_keys of the user where it is not given."),
    manage_dir: arg.bool("Make the folder of the file, and keep its owner and mode. Without it: only for ~/.ssh."),
    key_options: arg.string('Options for all these keys, as sshd reads them: `no-pty,command="/bin/true"`.'),
    comment: arg.string("A comment in place of the one each key has."),
  },
  validate(args) {
    const mistakes = [...noSecrets(args, ["user", "path"]), ...nameMistakes("user", args.user)];
    for (const line of keyLines(args.key)) {
      if (/^(https?|file):\/\//.test(line))
        mistakes.push(
          `"${line}": keys are not fetched; put the text of the key here, or \`!expr file("keys/me.pub")\``,
        );
      else if (parseKey(line) === undefined)
        mistakes.push(`"${line.slice(0, 60)}" is no public key: type, key data in base64, comment`);
    }
    if (args.exclusive === true && args.state === "absent")
      mistakes.push("`exclusive` says which keys stay, `state: absent` which go: use one of them");
    for (const text of [args.key_options, args.comment])
      if (text !== undefined && plain(text).includes("\n")) mistakes.push("`key_options` and `comment` are one line");
    return mistakes;
  },
  examples: [
    {
      title: "A key that may log in",
      yaml: "- authorized_key:\n    user: root\n    key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFPm8cUo0ZGJ7m9hFcF5cSOvWvTnZ0tWm1c3oTz6Jv2F me@laptop",
      only: "doc",
    },
    {
      title: "Only these keys",
      yaml: '- authorized_key:\n    user: deploy\n    exclusive: true\n    key_options: no-pty\n    key: !expr file("keys/deploy.pub")',
      only: "doc",
    },
  ],
  needs(args) {
    const name = plain(args.user);
    // Where homes usually are: right, it saves a round trip; wrong, `also` asks for the right one.
    const refs: Ref[] =
      args.path === undefined ? ownFiles(name === "root" ? "/root" : `/home/${name}`) : pathFiles(args.path);
    return [user(name), ...refs];
  },
  also(args, see) {
    const home = see(user(plain(args.user))).home?.replaceAll("%20", " ");
    if (args.path !== undefined || home === undefined) return [];
    return ownFiles(home);
  },
  plan(args, look, host): Plan {
    const { see, lay } = overlay(look);
    const name = plain(args.user);
    const account = see(user(name));
    if (account.state === "absent") return { fail: `there is no user ${name} on this host` };
    const home = account.home?.replaceAll("%20", " ");
    if (args.path === undefined && (home === undefined || home === "/nonexistent"))
      return { fail: `user ${name} has no home for a key` };
    const path = args.path ?? `${home}/.ssh/authorized_keys`;
    const folder = path.slice(0, path.lastIndexOf("/"));
    const manage = args.manage_dir ?? args.path === undefined;
    const group = account.group ?? name;

    const parts: Part[] = [];
    const folderNow = see(file(folder));
    if (args.state === "absent" && folderNow.type === "absent") return {};
    // In a folder that is not there is no file, whatever is known of its path.
    if (folderNow.type === "absent") lay([becomes(file(path), absentFile), ...noContentBecomes(path)]);
    if (manage && args.path === undefined && folderNow.type === "absent" && see(file(home ?? "/")).type === "absent") {
      return { fail: `the home of ${name}, ${home}, does not exist` };
    }
    const state = folderNow.type === "absent" ? undefined : see(file(path));
    if (folderNow.type !== "absent" || !manage) {
      const fail = state?.type === "absent" && args.state === "absent" ? undefined : whyNotFile(path, see);
      if (fail !== undefined) return { fail };
    }
    const before = state?.type === "file" ? bytesOf(see(fileContent(path))) : Buffer.alloc(0);
    const text = before.toString("latin1");
    const wanted = keysOf(args.key, args.key_options, args.comment);
    const after = editKeys(text, wanted, args.state, args.exclusive);
    const own = { mode: "0600", owner: name, group };
    if (args.state === "present" && manage) {
      if (folderNow.type === "directory") parts.push(putAttributes(folder, { ...own, mode: "0700" }, folderNow, host));
      else parts.push(makeFolder(folder, { ...own, mode: "0700" }, host, see));
    }
    if (after !== text) {
      const attributes = state?.type === "file" && args.path !== undefined ? {} : own;
      parts.push(putFile({ path, content: blobOf(Buffer.from(after, "latin1")), attributes, before }, host, see));
    } else if (state?.type === "file" && args.path === undefined && args.state === "present")
      parts.push(putAttributes(path, own, state, host));
    const part = joinParts([noPart, ...parts]);
    if (part.differs.length === 0) return {};
    return {
      change: { differs: part.differs, apply: joinShell(part.apply), becomes: part.becomes, touches: part.touches },
    };
  },
});

function ownFiles(home: string): Ref[] {
  return [file(home), file(`${home}/.ssh`), ...pathFiles(`${home}/.ssh/authorized_keys`)];
}

function pathFiles(path: string): Ref[] {
  return [file(path), fileHash(path), fileContent(path)];
}

function keyLines(keys: readonly (string | Secret)[] | undefined): string[] {
  return [keys ?? []]
    .flat()
    .flatMap((key) => plain(key).split("\n"))
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** The keys asked for, in the bytes of the file. */
function keysOf(
  keys: readonly (string | Secret)[],
  options: string | Secret | undefined,
  comment: string | Secret | undefined,
): AuthorizedKey[] {
  const bytes = (text: string): string => Buffer.from(text, "utf8").toString("latin1");
  return keyLines(keys).flatMap((line) => {
    const key = parseKey(bytes(line));
    if (key === undefined) return [];
    return [
      {
        ...key,
        ...(options === undefined ? {} : { options: bytes(plain(options)) }),
        ...(comment === undefined ? {} : { comment: bytes(plain(comment)) }),
      },
    ];
  });
}
