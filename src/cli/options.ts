import type { Option } from "./command.ts";

/** Options of every command. */
export const SHARED: readonly Option[] = [
  {
    name: "color",
    value: "WHEN",
    choices: ["auto", "always", "never"],
    summary: "Colours: auto, always or never; NO_COLOR turns them off too.",
  },
  {
    name: "verbose",
    short: "v",
    repeat: true,
    standing: false,
    summary: "Show every step; twice: with reasons and places.",
  },
  { name: "quiet", short: "q", summary: "Show only failures and the last lines." },
  {
    name: "output",
    value: "FORMAT",
    choices: ["terminal", "plain", "json"],
    summary: "terminal, plain (pipes) or json (one object a line).",
  },
];

/** Where the hosts come from. */
export const INVENTORY: readonly Option[] = [
  {
    name: "inventory",
    short: "i",
    value: "SOURCE",
    repeat: true,
    summary: "An inventory: file, folder, program or `h1,h2,`; later ones win.",
  },
  {
    name: "extra-vars",
    short: "e",
    value: "VALUE",
    repeat: true,
    summary: "A variable above all others: k=v, a.b=v or @FILE.",
  },
  {
    name: "limit",
    short: "l",
    value: "PATTERN",
    repeat: true,
    standing: false,
    summary: "Only these hosts; @failed: those that failed last time.",
  },
];

/** What is declared. */
export const PLAYBOOK: readonly Option[] = [
  {
    name: "playbook",
    short: "p",
    value: "FILE",
    summary: "The playbook; else playbooks/site.yml of the project, else the shipped one.",
  },
  {
    name: "tags",
    short: "t",
    value: "TAGS",
    repeat: true,
    standing: false,
    summary: "Only steps with one of these tags.",
  },
  { name: "skip-tags", value: "TAGS", repeat: true, standing: false, summary: "No steps with one of these tags." },
  { name: "role", value: "ROLE", standing: false, summary: "Only this role, on the hosts that have it." },
];

/** How hosts are reached. */
export const CONNECTION: readonly Option[] = [
  { name: "forks", short: "f", value: "NUMBER", summary: "Hosts at once; 50 unless set." },
  {
    name: "host-key-checking",
    value: "HOW",
    choices: ["accept-new", "strict", "off"],
    summary: "accept-new (known ones must match), strict (refuse new ones) or off.",
  },
  { name: "timeout", value: "SECONDS", summary: "Seconds to connect; 10 unless set." },
];

export const DIFF: Option = { name: "diff", negatable: true, summary: "Show what changes in files, line by line." };

export const EXIT_ZERO: Option = { name: "exit-zero", summary: "Exit 0 where changes are to be made (for cron)." };

/** `--list-hosts` and its like: answered before any host is reached. */
export const LISTS: readonly Option[] = ["hosts", "tasks", "tags"].map((what) => ({
  name: `list-${what}`,
  standing: false,
  summary: `List the ${what} and do nothing.`,
}));

/** Answered with a sentence. */
export const START_AT_TASK: Option = {
  name: "start-at-task",
  value: "NAME",
  hidden: true,
  standing: false,
  summary: "",
};
