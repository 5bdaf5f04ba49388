import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** The name of the host. */
export interface HostnameState {
  /** Of the running kernel. */
  running: string | null;
  /** In the file that is read at boot: /etc/hostname, /etc/myname on OpenBSD. */
  boot: string | null;
}

/** The host's own name, now and at boot. */
export const hostnameKind: ResourceKind<HostnameState> = {
  kind: "hostname",
  summary: "The name of the host, now and at boot.",
  reader: String.raw`
    host_running=- host_boot=-
    if [ -r /proc/sys/kernel/hostname ]; then read -r host_running </proc/sys/kernel/hostname || :
    else host_running=$(hostname 2>/dev/null) || host_running=-
    fi
    for host_file in /etc/myname /etc/hostname; do
      [ -r "$host_file" ] || continue
      while read -r host_word host_more; do
        case $host_word in ''|'#'*) ;; *) host_boot=$host_word ;; esac
      done <"$host_file"
      # A last line without its newline.
      case $host_word in ''|'#'*) ;; *) host_boot=$host_word ;; esac
      break
    done
    printf '0 %s %s\n' "\${host_running:--}" "$host_boot"`.replaceAll("\\${", "${"),
  line: fields<HostnameState>({ running: "word", boot: "word" }),
  isAbsent: () => false,
  facts: ["hostname", "fqdn"],
};

/** The host's own name. */
export function hostname(): Ref<HostnameState> {
  return { kind: hostnameKind, key: "hostname" };
}
