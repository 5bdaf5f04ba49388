import type { CodePage } from "./code-page.ts";
import { connectionCodes } from "./connection.ts";
import { sourceCodes } from "./inventory-sources.ts";
import { patternCodes } from "./patterns.ts";

/** Codes of faults in inventories, patterns and connection variables. */
export const inventoryCodes = {
  ...connectionCodes,
  ...patternCodes,
  ...sourceCodes,
  "inventory-no-hosts": {
    title: "The inventory names no host and no group",
    page: `The file has content, but nothing in it is a host or a group. It is refused, because a run over no hosts looks
like a success.

\`\`\`yaml
{}                 # nothing
\`\`\`

\`\`\`yaml
all:
  hosts:
    pi-1: {}
\`\`\`

Write hosts as above. An inventory that is meant to be empty is an empty file.`,
  },
  "inventory-empty": {
    title: "An inventory without hosts",
    page: `A warning. The file is empty or holds only comments (or the program printed \`{}\`), so no host comes from it.

    $ : > hosts.yml && provision check hosts.yml

If that is not what you expect, check that the right file was given and that whatever writes it has run.`,
  },
  "inventory-shape": {
    title: "Something in the inventory has the wrong shape",
    page: `An inventory is a map of groups; a group is a map of \`hosts\`, \`children\` and \`vars\`; each of these is a map too.

\`\`\`yaml
web:
  hosts: [h1, h2]          # a list: refused
\`\`\`

\`\`\`yaml
web:
  hosts:
    h1: {}
    h2: {app: {port: 8080}}
  vars: {app: {workers: 4}}
\`\`\`

A list at the top is usually a playbook: it is given with \`-p\`. What programs print as JSON has lists of hosts
and the variables below \`_meta.hostvars\`; that shape is taken from files too when it has \`_meta\`.`,
  },
  "inventory-group-key": {
    title: "A group has a key that does not exist",
    page: `A group has the keys \`hosts\`, \`children\` and \`vars\`. Anything else would be ignored, and with it the hosts or
variables below it, so it is refused.

\`\`\`yaml
web:
  host:            # meant: hosts
    h1: {}
  port: 80         # a variable: belongs below vars
\`\`\`

Write the name that the hint gives, or put the variable below \`vars\`. A file that begins with \`hosts:\` lacks the
\`all:\` above it.`,
  },
  "inventory-host-name": {
    title: "A host name, range or port cannot be read",
    page: `A host is a name, a name with ranges, or either with a port behind it.

    web[01:10]              web01 to web10; leading zeros are kept
    db[1:2]-[a:b]           db1-a, db1-b, db2-a, db2-b
    node[0:20:5]            every fifth
    h1:2222                 ansible_port is 2222
    [2001:db8::1]:22        IPv6 with a port
    2001:db8::1             IPv6 without

Both ends of a range are included and the smaller one comes first. With leading zeros both have the same length. One
name stands for at most 100,000 hosts.`,
  },
  "inventory-ini-section": {
    title: "This is not a section of an INI inventory",
    page: `A line that begins with \`[\` is a section header (or an IPv6 address with a port).

    [web]                   hosts of the group web
    [site:children]         groups in the group site
    [web:vars]              variables of the group web

The name of a group has no spaces and no colon. Only a comment with \`#\` may follow on the line. Lines below a wrong
header are not looked at before it is right.`,
  },
  "inventory-ini-line": {
    title: "A line of an INI inventory cannot be read",
    page: `What a line means depends on its section: hosts with their variables, names of groups, or \`key=value\`.

    [web]
    h1 app_port=8080 motd='hello you'      # quotes around a value with spaces
    [site:children]
    web                                    # one group a line
    [web:vars]
    workers=4                              # everything behind the = is the value
    banner=                                # an empty value

On a host's line values are unquoted as a shell does. In both places a value is read as a Python literal where it is
one: \`4\`, \`1.5\`, \`True\`, \`None\`, \`['a', 'b']\`; anything else is text.`,
  },
  "inventory-ini-comment": {
    title: "A value is cut off at #",
    page: `A warning. On a host's line a \`#\` begins a comment even in the middle of a word, as it always did in INI
inventories, so the rest of the value is lost.

    h1 app_url=http://x/#top         # the value is http://x/
    h1 app_url='http://x/#top'       # the value is http://x/#top

Quote the value, or write a space before the comment if it is one.`,
  },
  "inventory-undefined-group": {
    title: "A group is named but declared nowhere",
    page: `A group is named as a child, or given variables, and no source declares it: most often its name is misspelt.

    [web]
    h1
    [site:children]
    wbe              # meant: web

Correct the name, or declare the group: a section \`[name]\` (it may be empty) in INI, or \`name:\` below \`children\` in
YAML. It may be declared in another source of the same run.`,
  },
  "inventory-cycle": {
    title: "Groups are children of each other",
    page: `A group is, over one or more steps, its own child. Hosts and variables would have no order then.

\`\`\`yaml
a: {children: {b: }}
b: {children: {a: }}
\`\`\`

The message shows the way around. Remove one of the children on it. \`all\` is above every group and is nobody's child.`,
  },
  "inventory-name": {
    title: "A group cannot have this name",
    page: `\`_meta\` is where a printed inventory keeps the variables of its hosts, so no group can be called that. Every other
name is free.

\`\`\`yaml
all:
  children:
    _meta: {hosts: {h1: }}
\`\`\`

Choose another name.`,
  },
  "inventory-name-clash": {
    title: "A group and a host have the same name",
    page: `A warning. A pattern with that name means the host alone, which is rarely what was meant.

\`\`\`yaml
nas:
  hosts:
    nas: {}
\`\`\`

Rename one of the two: \`storage\` for the group, for example. In expressions they do not clash: \`groups.nas\` is the
group, \`hosts.nas\` the host.`,
  },
  "inventory-priority": {
    title: "The priority of a group is wrong or has no effect",
    page: `\`ansible_group_priority\` decides which of two groups wins when both stand at the same depth and set the same
variable: the higher number. It is a whole number, 1 unless set, and belongs to the variables of the group in the
inventory itself, because files in \`group_vars\` are read after the groups are in order.

\`\`\`yaml
fra:
  vars: {ansible_group_priority: 10}
  hosts: {h1: }
\`\`\`

Write a number, or move the variable there.`,
  },
  "inventory-stray-host": {
    title: "A host has variables and is in no group",
    page: `A warning. In the JSON shape of inventories hosts are named by groups; variables in \`_meta.hostvars\` do not make a
host.

\`\`\`json
{"web": {"hosts": ["h1"]}, "_meta": {"hostvars": {"h1": {}, "h2": {"x": 1}}}}
\`\`\`

Here h2 is left out. Name it in the \`hosts\` of a group, \`ungrouped\` for example.`,
  },
  "inventory-unknown-value": {
    title: "A value is left out of the printed inventory",
    page: `A warning. The variable is computed from something that only the host knows, its facts for example, and printing an
inventory connects to no host.

\`\`\`yaml
web:
  vars:
    workers: !expr facts.cpus * 2
\`\`\`

Nothing has to be done: a run computes it. \`provision inventory --host H --explain\` shows how it is written.`,
  },
  "sibling-conflict": {
    title: "Two groups of a host set the same value differently",
    page: `A finding of \`provision lint\`. A host is in two groups of the same depth, both set one value, and only the names of
the groups decide which one counts: the later name in the alphabet.

\`\`\`yaml
fra: {hosts: {h1: }, vars: {dns: 10.0.0.1}}
web: {hosts: {h1: }, vars: {dns: 10.0.0.2}}     # counts, because w comes after f
\`\`\`

Say which one is meant: set \`ansible_group_priority\` in one of them, make one the child of the other, or set the value
on the host.`,
  },
} satisfies Record<string, CodePage>;
