import type { CodePage } from "./code-page.ts";

/** Codes of faults in the files, folders and programs that an inventory is read from. */
export const sourceCodes = {
  "inventory-missing": {
    title: "There is no such inventory",
    page: `The inventory that was given is neither a file nor a folder, and it is no list of hosts.

    provision check inventroy.yml        # a slip: the file is inventory.yml
    provision check h1                   # a list of hosts ends in a comma: h1,

Give a file (YAML, INI, JSON or a program that prints JSON), a folder of such files, or host names with commas between
them and after the last one. Several sources can be given one after another; later ones win.`,
  },
  "inventory-unreadable": {
    title: "A file of the inventory cannot be read",
    page: `The system refuses to read the file, it is a device and not a file, or it is larger than 64 MiB.

    provision check /root/inventory.yml  # permission denied

The message says why. Check the permissions of the file and of the folders above it. A very large inventory can be
split: a folder of several files is read as one inventory, in the order of their names.`,
  },
  "inventory-vault": {
    title: "A file of the inventory is encrypted",
    page: `The file begins with \`$ANSIBLE_VAULT\`: it is encrypted as a whole, and encrypted files cannot be read yet.

\`\`\`yaml
# group_vars/web.yml, instead: the value comes from the environment of whoever runs it
app:
  password: !expr env("APP_PASSWORD")
\`\`\`

Decrypt the file to a place outside the repository and give that as another source, or take the secret values from
the environment or from a file.`,
  },
  "inventory-no-source": {
    title: "The folder holds no inventory",
    page: `A folder is an inventory when it holds at least one source. Passed over are hidden files, backups (\`~\`, \`.bak\`,
\`.orig\`, \`.swp\`), \`.cfg\`, \`.md\`, \`.rst\`, \`.txt\` and \`.retry\` files, and the folders \`group_vars\` and \`host_vars\`.

    inventory/
      group_vars/all.yml     # variables only: no hosts come from here
      hosts.yml              # this one is needed

Put a file with hosts into the folder, or give the folder that has one.`,
  },
  "inventory-executable": {
    title: "An executable inventory failed",
    page: `A file that begins with \`#!\` (or is a binary) is run: with \`--list\` it prints the whole inventory as one JSON
object, and, when that has no \`_meta\`, with \`--host NAME\` the variables of one host.

\`\`\`json
{"web": {"hosts": ["h1"], "vars": {}, "children": []}, "_meta": {"hostvars": {"h1": {}}}}
\`\`\`

The message gives the exit code and the last lines it wrote to stderr, or the beginning of what it printed. Run it by
hand. It must be executable (\`chmod +x\`), print messages to stderr only, and finish within five minutes.`,
  },
  "inventory-vars-file": {
    title: "A file of variables is not a map",
    page: `Each file in \`group_vars\` and \`host_vars\` is YAML (or JSON) with names and values. An empty one is fine.

\`\`\`yaml
# group_vars/web.yml
app:
  port: 8080
\`\`\`

Write \`name: value\` pairs. A file for another purpose belongs somewhere else.`,
  },
  "inventory-vars-twice": {
    title: "A file of variables is hidden by another",
    page: `A warning. For each group or host one file or folder of variables is read: the name itself, else \`.yml\`, \`.yaml\`,
\`.json\`, in this order.

    group_vars/web/app.yml
    group_vars/web.yml       # not read

Move the content into one of them. In a folder (\`group_vars/web/\`) all files are read, in the order of their names.`,
  },
  "inventory-vars-stray": {
    title: "A file of variables belongs to nothing",
    page: `A warning. The file is named after a group or host that does not exist, but nearly: it is probably misspelt, and
its variables reach nobody.

    group_vars/wbe.yml       # the group is called web

Rename the file. Files for names that are not near any name are not reported: they may belong to another inventory.`,
  },
} satisfies Record<string, CodePage>;
