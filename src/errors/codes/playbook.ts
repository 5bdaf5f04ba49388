import type { CodePage } from "./code-page.ts";

/** Codes of faults in playbooks, roles and tasks. */
export const playbookCodes = {
  "unknown-argument": {
    title: "A module has no argument of this name",
    page: `A task gives its module an argument that the module does not know: a slip of the pen, or the name another
tool uses for it. Nothing is ignored silently, because an ignored \`mod: "0600"\` would leave a key readable.

\`\`\`yaml
- file:
    path: /etc/app.key
    mod: "0600"        # the argument is called mode
\`\`\`

Write the name that the hint gives. \`provision doc file\` lists the arguments of a module with their types and
defaults. What belongs to the task and not to the module (\`when\`, \`become\`, \`environment\`) stands beside the
module's name, not below it.`,
  },
  "missing-argument": {
    title: "A module misses an argument that it needs",
    page: `The module cannot do anything without this argument, and it has no default.

\`\`\`yaml
- copy:
    content: hello     # and where to? dest is missing
\`\`\`

Give the argument. \`provision doc MODULE\` shows which ones are required.`,
  },
  "wrong-argument": {
    title: "The value of an argument is not what the module takes",
    page: `The value has another type than the argument, or is not one of the values that it can have.

\`\`\`yaml
- file:
    path: etc/app      # not absolute: the host has no working directory of yours
    mode: 0644         # YAML reads a number; quote it: "0644"
    state: dir         # one of absent, directory, file, link, …
- service:
    name: nginx
    enabled: yes       # text in YAML 1.2; write true
\`\`\`

The message says what was found and what is expected; the hint says what to write. Values that are computed
(\`{{…}}\`, \`!expr\`) are checked the same way as soon as they are known.`,
  },
  "argument-twice": {
    title: "An argument is given under two of its names",
    page: `Some arguments have a second name that people are used to: \`path\` and \`dest\`, say. A task may use either
but not both, even with the same value: it would not be clear which one counts.

\`\`\`yaml
- file:
    path: /srv/a
    dest: /srv/b
\`\`\`

Keep one of the two.`,
  },
  "argument-conflict": {
    title: "The arguments of a module do not go together",
    page: `Each argument is right by itself, but together they say two things, or leave out what one of them needs.

\`\`\`yaml
- command:
    cmd: make install
    argv: [make, install]   # two commands
\`\`\`

The message names the arguments. Remove one, or add the one that is missing.`,
  },
  "unknown-key": {
    title: "A key that nothing reads",
    page: `A play, a task, a role's declaration or \`provision.yml\` holds a key that is not one of theirs: a slip of the pen, or a
key in the wrong place. It is refused because a key that is passed over in silence would look as if it worked.

\`\`\`yaml
- name: keys
  copy: {dest: /etc/app.key, content: x}
  notfy: restart app        # notify
\`\`\`

Write the name that the hint gives. Arguments of a step type stand below its name, keys of the task beside it.`,
  },
  "old-spelling": {
    title: "Another tool's way to write it",
    page: `The key is known from other tools and is written differently here. The hint says how.

\`\`\`yaml
- name: packages
  package: {name: "{{item}}"}
  with_items: [vim, git]     # write: loop: [vim, git]
- file: path=/srv state=directory   # write: file: {path: /srv, state: directory}
\`\`\`

Change the line as the hint says; the meaning stays.`,
  },
  "not-offered": {
    title: "Not there yet",
    page: `The files ask for something that this version does not do. It is refused instead of being ignored, so that nobody
relies on it. The hint names a way to reach the same now.`,
  },
  "wrong-form": {
    title: "A value has the wrong form",
    page: `A key of a play, a task or a role holds another kind of value than the one that it takes: text where a list has to
stand, a map where there is one word, a computed value where something is read before hosts are known.

\`\`\`yaml
- hosts: web
  tasks:
    name: one task      # tasks are a list: - name: one task
  serial: many          # a number, a percentage, or a list of these
\`\`\`

The message says what is expected and what was found.`,
  },
  "missing-key": {
    title: "A key that has to be there is missing",
    page: `Without this key the play, task or declaration says nothing: a play without \`hosts\`, a task without a step type,
\`retries\` without \`until\`.

\`\`\`yaml
- name: copy the key    # and what is to be done?
  become: true
\`\`\`

Add the key; the hint shows how.`,
  },
  "missing-file": {
    title: "A file that is named is not there",
    page: `A playbook, an import, an include, a role or a step names a file that does not exist on the controller.

Files of \`copy\` and \`unarchive\` are looked for in \`files/\` of the role, then beside the playbook; templates in \`templates/\`;
files of tasks beside the file that names them. An absolute path stands for itself.

\`\`\`yaml
- template: {src: nginx.conf.hbs, dest: /etc/nginx/nginx.conf}   # roles/web/templates/nginx.conf.hbs
\`\`\`

Correct the name, or write the file.`,
  },
  "unreadable-file": {
    title: "A file cannot be read",
    page: `The file is there, but it is a folder, may not be read by you, or is not UTF-8 text.

Check \`ls -l\` of the path, and with which encoding your editor saved it.`,
  },
  "several-modules": {
    title: "A task with two step types",
    page: `A task is one step, so that its result, its condition and its handlers belong to one thing.

\`\`\`yaml
- name: install and start
  package: {name: nginx}
  service: {name: nginx, state: started}
\`\`\`

Write two tasks. To give both one condition, put them into a \`block\`.`,
  },
  "unknown-module": {
    title: "There is no step type of this name",
    page: `The task names a step type that does not exist. Step types have one short name, and those of other tools that depend on
the platform are one here: \`package\` for apt, dnf, apk and pkg_add, \`service\` for systemd, OpenRC and rcctl.

\`\`\`yaml
- apt: {name: nginx}      # package: {name: nginx}
- ansible.builtin.copy:   # copy:
\`\`\`

\`provision doc\` lists the step types.`,
  },
  "unknown-role": {
    title: "There is no role of this name",
    page: `Roles are looked for in \`roles/\` beside the playbook, then in \`roles/\` of the project, then in \`roles_path\` of
\`provision.yml\`, then among those that ship with the program. The first folder that has the name wins; \`provision list roles\`
shows which one.

Correct the name, or add the folder that holds the role to \`roles_path\`.`,
  },
  "role-cycle": {
    title: "A role needs itself",
    page: `The dependencies of roles, or roles that import roles, come back to where they began, so that no order is right.

\`\`\`yaml
# roles/a/meta/main.yml
dependencies: [b]
# roles/b/meta/main.yml
dependencies: [a]
\`\`\`

Remove one of them. What both need often is a third role.`,
  },
  "import-cycle": {
    title: "Files import each other without end",
    page: `An import is read before any host is known, so a file that imports itself, directly or through others, never ends.

Remove one of the imports. Repetition that ends by a condition is an \`include_tasks\` with \`when\`: it is read when it is reached.`,
  },
  "role-layout": {
    title: "A folder of a role that is not read",
    page: `Values of a role are declared in one place, \`meta/main.yml\`, with their type, their description and their default.
From there come the validation of the inventory, the documentation and the completion in editors. \`defaults/\` and \`vars/\` would
be a second place without types.

\`\`\`yaml
# roles/web/meta/main.yml
parameters:
  properties:
    port: {type: integer, default: 80, description: The port that nginx listens on.}
\`\`\`

Steps read it as \`web.port\`. Move each value there and delete the folder. Values that depend on the platform go to
\`platforms/NAME.yml\`.`,
  },
  "platform-keys": {
    title: "Platform tables of a role with different keys",
    page: `\`platforms/debian.yml\`, \`platforms/alpine.yml\` and so on say how things are called on each platform, and steps read
them as \`platform.NAME\`. A key that is in one table only would be an error on the other platforms, seen there first.

Add the key to every table; where a platform has nothing of the kind, with an empty text or list.`,
  },
  "bad-name": {
    title: "A name that expressions cannot use",
    page: `Names of roles, variables and registered results stand in text and expressions as they are: they begin with a small
letter and go on with small letters, digits and underscores, are not words that expressions keep for themselves (\`in\`, \`for\`, \`loop\`…),
and are not one of the names that every host has: \`host hosts groups roles facts platform item\`. A name that is a role's
holds the parameters of that role and nothing else.

\`\`\`yaml
register: host          # result of what? host_line
vars: {http-port: 80}   # http_port
\`\`\`

Names of hosts and groups are free.`,
  },
  "unknown-handler": {
    title: "No handler answers to this notification",
    page: `A task notifies a name that is neither the name of a handler of the play or of its roles, nor a topic that one
listens to. The change would be made and the service never restarted.

\`\`\`yaml
tasks:
  - copy: {dest: /etc/ssh/sshd_config, src: sshd_config}
    notify: restart shd
handlers:
  - name: restart sshd
    service: {name: sshd, state: restarted}
\`\`\`

Correct the name, or write the handler.`,
  },
  "not-read-only": {
    title: "A step that changes something, where only looking is allowed",
    page: `\`preflight/main.yml\` of a role is run before its first change and \`verify/main.yml\` after the last one, also by
\`provision verify\` alone. Neither may change the host, or looking would no longer be safe.

Use \`expect\`, \`assert\`, \`stat\`, \`wait_for\`, or a command with \`read_only: true\`. What changes the host belongs in \`tasks/main.yml\`.`,
  },
  "variable-cycle": {
    title: "A value that is made from itself",
    page: `Values are computed when they are read, each from the others. These come back to where they began, so none of them
has a value. The message shows the way round.

\`\`\`yaml
site:
  domain: "{{ site.host }}.example.net"
  host: "{{ site.domain }}"
\`\`\`

Give one of them a value of its own.`,
  },
  "near-role-name": {
    title: "A variable that is nearly the name of a role",
    page: `The inventory or a play sets a variable that no role has, but that differs from a role's name by a letter or two.
The role would run with its defaults, as if nothing had been said.

\`\`\`yaml
nfs_servr: {exports: {}}    # nfs_server
\`\`\`

Correct the name. If it is a variable of your own, give it a name that cannot be mistaken.`,
  },
  "unused-variable": {
    title: "A variable that nothing reads",
    page: `No text, expression, template or role of this project reads the variable. It may be left over, or misspelt where it
is set or where it was to be read. This is a warning: the run goes on.

Remove the variable, or correct its name.`,
  },
  "plain-secret": {
    title: "A secret as plain text",
    page: `The role declares this parameter with \`secret: true\`, and its value stands readable in a file or on the command line,
from where it gets into a repository, a history of commands or a list of processes.

\`\`\`yaml
tailscale:
  auth_key: !expr env("TS_AUTH_KEY")
  # or: !expr file("/home/me/.secrets/ts-auth-key").trim()
\`\`\`

Take it from the environment or from a file outside the project. It is masked wherever it would be shown.`,
  },
  "invariant-failed": {
    title: "What was declared contradicts itself",
    page: `A role states what has to be true of the whole inventory before it can work: both ends of a session agree, an export is
allowed to every client that mounts it, networks do not overlap. One of these statements is false for a host. No connection was opened.

The message is the statement. Change the values that it speaks of; \`provision inventory --host HOST --explain\` shows from which file and
line each comes.`,
  },
  "not-registered-yet": {
    title: "A result is used before its step has run",
    page: `A step reads a name that is registered, or set by \`set_fact\`, only further down. At that point it has no value.

\`\`\`yaml
- debug: {message: "{{ answer.stdout }}"}
- command: {cmd: hostname -f, read_only: true}
  register: answer
\`\`\`

Move the step that registers the name before the one that reads it.`,
  },
  "unknown-host-name": {
    title: "There is no host of this name",
    page: `An expression names a host that is not in the inventory: \`hosts["pi1"]\`, \`delegate_to: pi1\`.

Correct the name; \`provision list hosts\` shows all.`,
  },
  "unknown-tag": {
    title: "No task has this tag",
    page: `\`--tags\` or \`--skip-tags\` names a tag that no task, block, role or play has, so it chooses nothing. This is a warning.
\`provision list tags\` shows all of them. \`always\`, \`never\`, \`tagged\`, \`untagged\` and \`all\` have their own meaning.`,
  },
  "no-platform": {
    title: "A role without names for this platform",
    page: `A step reads \`platform.NAME\`, and the role has no table for the distribution or family of this host.

Write \`platforms/DISTRIBUTION.yml\` or \`platforms/FAMILY.yml\` in the role, with the same keys as the tables that are there, or do not
give the role to this host.`,
  },
  "no-playbook": {
    title: "There is no playbook",
    page: `Without \`-p\` the playbook is \`playbooks/site.yml\` of the project, else the one that ships with the program. The installation
lacks the latter.

Name a playbook with \`-p FILE\`, or install the program again.`,
  },
} satisfies Record<string, CodePage>;
