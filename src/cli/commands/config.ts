import { type Command, EXIT } from "../command.ts";
import { type Setting, variableOf } from "../settings.ts";
import { CONNECTION, DIFF, EXIT_ZERO, INVENTORY, PLAYBOOK, SHARED } from "../options.ts";

const OPTIONS = [
  ...INVENTORY,
  ...PLAYBOOK,
  ...CONNECTION,
  DIFF,
  EXIT_ZERO,
  { name: "yes", short: "y", summary: "" },
].filter((option) => option.standing !== false);

export const config: Command = {
  name: "config",
  summary: "Show the settings, and where each comes from.",
  inventory: "option",
  arguments: [],
  options: OPTIONS,
  notes: `An option of the command line wins over PROVISION_OPTION in the environment, which wins over provision.yml.
The keys of provision.yml are the long options: \`forks: 20\`, \`inventory: hosts/\`.`,
  run({ settings, project, io }) {
    io.out(`project  ${project?.folder ?? ""}\nfile     ${project?.configFile ?? "(no provision.yml)"}\n\n`);
    const rows = [...OPTIONS, ...SHARED]
      .filter((option) => option.standing !== false)
      .map((option) => {
        const setting = settings.setting(option.name);
        return [
          option.name,
          valueText(setting),
          setting.from === "default" ? `default; ${variableOf(option.name)}` : setting.from,
        ];
      });
    const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    for (const [name = "", value = "", from = ""] of rows)
      io.out(`${name.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${from}\n`);
    return EXIT.asDeclared;
  },
};

function valueText({ value }: Setting): string {
  if (value === undefined) return "-";
  return typeof value === "object" ? value.join(" ") : String(value);
}
