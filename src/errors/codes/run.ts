import type { CodePage } from "./code-page.ts";

/** Codes of what goes wrong with hosts, plans and runs. */
export const runCodes = {
  "handler-loop": {
    title: "Handlers keep notifying each other",
    page: `Two or more handlers notify each other and all of them change something each time they run, so the flush would
never end. provision stops after 1000 handler runs.

    handlers:
      - name: restart web
        command: {cmd: systemctl restart web, always: true}
        notify: reload proxy
      - name: reload proxy
        command: {cmd: systemctl reload proxy, always: true}
        notify: restart web        # and round again

Let one of them not notify, or give its command a condition (\`unless\`, \`creates\`) so that it has nothing to do the
second time.`,
  },
  "loop-no-list": {
    title: "A loop needs a list",
    page: `\`loop\` goes over a list. A map, a text or a number was given.

    - user: {name: "{{item}}"}
      loop: !expr accounts             # accounts is a map: name → properties

Of a map, loop over its keys or values: \`loop: !expr map.keys(accounts)\`. A single value needs no loop.`,
  },
  "condition-no-boolean": {
    title: "A condition is neither true nor false",
    page: `Conditions (\`when\`, \`until\`, \`failed_when\`, \`changed_when\`, \`that\`) have to come to true or false. Texts, numbers and
lists are not taken for one or the other, because \`when: "no"\` would then be true.

    when: site.domain                  # a text
    when: site.domain != ""            # a condition

Compare the value with something, or ask for it: \`has(site.domain)\`, \`size(list) > 0\`, \`name in groups.web\`.`,
  },
  "local-file-missing": {
    title: "A file of the controller is not there",
    page: `\`src\` of \`copy\`, \`template\`, \`unarchive\` or \`script\` names a file on the machine that runs provision. Names are looked for
in \`files/\` (templates in \`templates/\`) of the role, then beside the playbook; absolute paths stand for themselves.

Put the file there, or correct the name. For a file that is already on the host, say \`remote_src: true\`.`,
  },
  "bad-serial": {
    title: "serial is not a number of hosts",
    page: `\`serial\` says how many hosts of a play are worked on at a time: a number, a percentage of the play's hosts, or a list of
these, of which the last one repeats.

    serial: 2
    serial: 30%
    serial: [1, 5, 20%]

It is needed before any host is asked, so it cannot be made from facts or results.`,
  },
  "become-refused": {
    title: "The login user may not become another user",
    page: `A step is to run as root (\`become: true\`) or as another user, and the host's sudo, doas or su refuses, or asks for a
password. Passwords are not asked for yet: the login has to be root's, or be allowed to become root without one.

    # /etc/sudoers.d/admin
    admin ALL=(ALL) NOPASSWD: ALL

For doas: \`permit nopass admin\` in /etc/doas.conf, and \`become: {method: doas}\` in the inventory. Steps without \`become\` need none of
this.`,
  },
  "host-refuses": {
    title: "A host cannot take what is sent to it",
    page: `The connection is there, but the host cannot run a batch: no folder for it can be written (\`/run/provision\` for root,
\`$XDG_RUNTIME_DIR\` or \`/tmp\` for others), the disk is full, the file system is read-only, or a standard tool is missing.

The message gives the host's own words. Nothing of the batch has run. Make room or mount the file system writable, and run again;
the other hosts went on.`,
  },
  "other-host-out-of-reach": {
    title: "The facts of another host cannot be read",
    page: `A step uses facts of another host, \`hosts["nas"].facts.…\`, and that host could not be reached. The step's own host is fine, but the
step cannot be planned, so its host fails.

Bring the other host up and run again. Where the value is declared rather than found out (an address under \`addresses:\`), use what the
inventory says: it needs no connection.`,
  },
  "plan-invalid": {
    title: "The saved plan cannot be read",
    page: `The file given to \`provision apply\` has a top-level \`provision_plan\`, so it is a saved plan, but it was made by
another version of provision or is damaged.

Make it anew: \`provision plan INVENTORY -o plan.json\`. A plan is a statement of what was seen and intended, so nothing is lost by
making it again; \`provision apply INVENTORY\` works without one.`,
  },
} satisfies Record<string, CodePage>;
