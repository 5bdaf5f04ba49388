import type { CodePage } from "./code-page.ts";

/** Codes of faults in the variables that say how a host is reached. */
export const connectionCodes = {
  "connection-both": {
    title: "A connection setting is given twice",
    page: `\`ssh:\` and \`become:\` say how a host is reached; the usual \`ansible_*\` variables are other names for the same
settings. A host that has both, even from different layers, is refused: it would not be clear which one counts.

\`\`\`yaml
pi-1:
  ssh: {host: 192.168.1.11}
  ansible_host: 192.168.1.12
\`\`\`

Keep one of the two. \`provision inventory --host pi-1 --explain\` shows where each comes from.`,
  },
  "connection-value": {
    title: "A connection setting has a wrong value",
    page: `The value is of another type than the setting, or is not one of those it can have.

\`\`\`yaml
pi-1:
  ssh: {host: 192.168.1.11, port: "22 "}     # a port is a number from 1 to 65535
  become: {method: pseudo}                   # sudo, doas or su
  ansible_become: maybe                      # true or false; yes and no are taken too
\`\`\`

Names of hosts and users have no spaces and do not begin with a dash. The message names the setting and what it takes.`,
  },
  "connection-key": {
    title: "A connection setting has an unknown key",
    page: `\`ssh\` has the keys \`host\`, \`user\`, \`port\`, \`key\`, \`via\`, \`via_command\` and \`transport\`; \`become\` has \`method\` and \`user\`.

\`\`\`yaml
pi-1:
  ssh: {hostname: 192.168.1.11}     # meant: host
\`\`\`

Write the name that the hint gives.`,
  },
  "connection-unsupported": {
    title: "A host is to be reached in a way that is not offered",
    page: `Hosts are reached over SSH (\`ssh\`) or are this machine (\`local\`). Other connections, passwords in variables, and ways
through another host cannot be used here, and going on without them would reach another machine or none.

\`\`\`yaml
web1: {ansible_connection: docker}                          # not offered
web2: {ansible_ssh_common_args: "-o ProxyJump=gate"}        # not offered
\`\`\`

Use a key or an SSH agent instead of a password. Give the host an address that this machine can reach.`,
  },
  "connection-ignored": {
    title: "A connection variable has no effect",
    page: `A warning. The variable sets options of the ssh program or of another tool's connection, which are not used here.

\`\`\`yaml
all:
  vars:
    ansible_ssh_common_args: -o ControlMaster=auto
\`\`\`

Remove it once no other tool reads this inventory. Connections are kept open and host keys are checked without it.`,
  },
} satisfies Record<string, CodePage>;
