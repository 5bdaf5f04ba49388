import { sh } from "../../base/shell.ts";
import { crontab } from "../../resources/crontab.ts";
import { file } from "../../resources/file.ts";
import { becomes } from "../../resources/resource.ts";
import { arg } from "../args.ts";
import { blobOf, plainText } from "../files/blob.ts";
import { asPlan } from "../files/change.ts";
import { type Edited, editNeeds, planEdit } from "../files/edit.ts";
import { planAbsent } from "../files/file-absent.ts";
import { baseName, followLinks } from "../files/links.ts";
import { bare, type Codec, codecFor, lineEnding, splitLines } from "../files/text.ts";
import { defineModule, type HostView, type Plan, type See } from "../module.ts";
import { removeJob, removeVariable, setJob, setVariable } from "./crontab-text.ts";

const times = ["minute", "hour", "day", "month", "weekday"] as const;
const time = (doc: string, aliases: readonly string[] = []) =>
  arg.any(`${doc}: a number, a list, a range or \`*\`.`, { default: "*", aliases });

export default defineModule({
  name: "cron",
  summary: "Keeps a job, or a variable, in a user's crontab or in a file of /etc/cron.d.",
  notes: "A job is found again by the comment with its name above it.",
  args: {
    name: arg.string("Name of the job; with `env` the name of the variable.", { required: true }),
    job: arg.string("The command; with `env` the value.", { aliases: ["value"] }),
    state: arg.choice(["present", "absent"], "Whether it is to be there.", { default: "present" }),
    user: arg.string("Whose crontab, the step's own user's by default; in a file the user that the job runs as."),
    cron_file: arg.string(
      "A file instead of a crontab: a name in /etc/cron.d or an absolute path. It is removed with its last job.",
    ),
    minute: time("When"),
    hour: time("When"),
    day: time("Day of the month", ["dom"]),
    month: time("When"),
    weekday: time("Day of the week", ["dow"]),
    special_time: arg.choice(
      ["reboot", "yearly", "annually", "monthly", "weekly", "daily", "hourly"],
      "Instead of the five times.",
    ),
    disabled: arg.bool("Comment the job out.", { default: false }),
    env: arg.bool("It is a variable, not a job.", { default: false }),
    insertafter: arg.string("A new variable comes after this one."),
    insertbefore: arg.string("A new variable comes before this one."),
    backup: arg.bool("Keep a copy of the old text in the folder for temporary files.", { default: false }),
  },
  checkGiven: (given) =>
    given.has("insertafter") && given.has("insertbefore") ? ["insertbefore and insertafter exclude each other"] : [],
  validate(args) {
    const mistakes: string[] = [];
    const present = args.state !== "absent";
    for (const name of times) {
      const value = args[name];
      if (value !== undefined && typeof value !== "string" && !Number.isSafeInteger(value))
        mistakes.push(`${name} is a number or a text such as "*/5"`);
    }
    if (args.special_time !== undefined && times.some((name) => args[name] !== undefined && args[name] !== "*"))
      mistakes.push("special_time and the five times exclude each other");
    if (present && args.job === undefined) mistakes.push("job is needed");
    if (present && args.cron_file !== undefined && args.user === undefined)
      mistakes.push("user is needed with cron_file: the one that the job runs as");
    if (present && args.env !== true && (args.insertafter !== undefined || args.insertbefore !== undefined))
      mistakes.push("insertafter and insertbefore are for env: true");
    if (args.env === true && args.name !== undefined && /[\s=]/.test(plainText(args.name)))
      mistakes.push("name of a variable has no spaces");
    if (args.cron_file !== undefined && filePath(plainText(args.cron_file)) === "/etc/crontab")
      mistakes.push("/etc/crontab belongs to the system: use another cron_file");
    for (const name of ["name", "job"] as const) {
      if (args[name] !== undefined && /[\r\n]/.test(plainText(args[name]).replace(/^[\r\n]+|[\r\n]+$/g, "")))
        mistakes.push(`${name} is one line`);
    }
    return mistakes;
  },
  examples: [
    {
      title: "Every night",
      yaml: "- cron: {name: backup, user: root, cron_file: backup, hour: 3, minute: 15, job: /usr/local/bin/backup}",
      before: "mkdir -p /etc/cron.d",
    },
    {
      title: "Who gets the mail",
      yaml: "- cron: {name: MAILTO, env: true, user: root, cron_file: backup, job: ops@example.org}",
      before: "mkdir -p /etc/cron.d",
    },
  ],
  needs(args) {
    if (args.cron_file !== undefined) return editNeeds(filePath(plainText(args.cron_file)));
    return [crontab(args.user === undefined ? undefined : plainText(args.user))];
  },
  plan(args, see, host): Plan {
    const name = plainText(args.name);
    const job = plainText(args.job ?? "").replace(/^[\r\n]+|[\r\n]+$/g, "");
    const user = args.user === undefined ? undefined : plainText(args.user);
    const cronFile = args.cron_file === undefined ? undefined : filePath(plainText(args.cron_file));
    const when =
      args.special_time === undefined ? times.map((field) => String(args[field])).join(" ") : `@${args.special_time}`;
    const line = `${args.disabled ? "#" : ""}${when} ${cronFile === undefined ? "" : `${user ?? ""} `}${job}`;
    const change = (lines: readonly string[], own: (text: string) => string): string[] | undefined => {
      if (args.env && args.state === "absent") return removeVariable(lines, own(name));
      if (args.state === "absent") return removeJob(lines, own(name));
      if (!args.env) return setJob(lines, { name: own(name), line: own(line) });
      const [after, before] = [args.insertafter, args.insertbefore].map((one) =>
        one === undefined ? undefined : plainText(one),
      );
      return setVariable(lines, own(name), own(job), { after, before });
    };
    const edit: Edit = (text, codec) => {
      const lines = change(splitLines(text).map(bare), codec.own);
      if (lines === undefined) return { fail: "the variable that insertafter or insertbefore names is not there" };
      return { text: rebuild(text, lines), message: "crontab set" };
    };
    if (cronFile === undefined) return planCrontab(user, edit, args.backup, see);
    const plan = planFile(
      cronFile,
      edit,
      { env: args.env, absent: args.state === "absent", backup: args.backup },
      see,
      host,
    );
    const odd = !/^[A-Za-z0-9_-]+$/.test(baseName(cronFile));
    return odd && plan.fail === undefined
      ? { ...plan, warnings: [`cron may pass over ${cronFile}: names of letters, digits, _ and - are sure to be read`] }
      : plan;
  },
});

type Edit = (text: string, codec: Codec) => Edited;

/** A file of jobs; one that holds nothing any more is removed. */
function planFile(
  path: string,
  edit: Edit,
  how: { env: boolean; absent: boolean; backup: boolean },
  see: See,
  host: HostView,
): Plan {
  const seen = { emptied: false };
  const plan = planEdit(
    { path, backup: false, create: true, folders: false, absentIsFine: how.absent },
    (text, codec) => {
      const edited = edit(text, codec);
      seen.emptied = how.absent && !how.env && "text" in edited && edited.text !== text && edited.text.trim() === "";
      return edited;
    },
    see,
    // Cron refuses files that others can write.
    { ...host, umask: 0o022 },
  );
  if (seen.emptied) return asPlan(planAbsent(path, see), path);
  if (!how.backup || plan.change === undefined || see(file(path)).type === "absent") return plan;
  const change = {
    ...plan.change,
    apply: sh`file_backup_away ${followLinks(path, see).path}
${plan.change.apply}`,
  };
  return { ...plan, change };
}

function planCrontab(user: string | undefined, edit: Edit, backup: boolean, see: See): Plan {
  const ref = crontab(user);
  const now = see(ref);
  if (now.state === "missing")
    return { fail: "the program crontab is not on this host; install a cron, or use cron_file" };
  const bytes = Buffer.from(now.data ?? "", "hex");
  const codec = codecFor(bytes);
  const before = codec.decode(bytes);
  const edited = edit(before, codec);
  if ("fail" in edited) return edited;
  if (edited.text === before) return {};
  const content = blobOf(codec.encode(edited.text));
  const whose = user === undefined ? sh`-` : sh`${user}`;
  return {
    change: {
      differs: [{ what: "content", of: `crontab of ${user ?? "this user"}`, before, after: edited.text, text: true }],
      apply: sh`${backup && now.state === "text" ? sh`crontab_backup ${whose}` : sh``}
crontab_install ${whose} ${{ blob: content }}`,
      becomes: [becomes(ref, { state: "text", data: content.size === 0 ? null : content.bytes().toString("hex") })],
    },
  };
}

/** The lines as a text: those that were there keep their endings. */
function rebuild(text: string, lines: readonly string[]): string {
  const old = splitLines(text);
  const ending = lineEnding(old);
  const unchanged = lines.length === old.length && lines.every((line, at) => line === bare(old[at] ?? ""));
  if (unchanged && (text === "" || text.endsWith("\n"))) return text;
  return lines.map((line) => line + ending).join("");
}

function filePath(name: string): string {
  return name.startsWith("/") ? name : `/etc/cron.d/${name}`;
}
