import { checkoutFolder } from "./checklist.ts";
import type { NodeHost } from "./host.ts";

export interface RecipeInput {
  readonly host: NodeHost;
  /** `authorized_keys` form. */
  readonly operatorPublicKey: string;
  readonly gateway: string;
  readonly nameServers: readonly string[];
  readonly repository: string;
  /** Packages of the runbook and of `context.md`, by name. */
  readonly packages: readonly string[];
}

/**
 * The three files of cloud-init's NoCloud source, for the boot partition of a card with Debian 13 or Raspberry Pi OS. They do
 * steps 3 to 9 at the first boot, once, and hold no secret: the node makes its own host key. Nothing of it runs again.
 */
export function imageRecipe(
  input: RecipeInput,
): Readonly<Record<"user-data" | "meta-data" | "network-config", string>> {
  const { host, operatorPublicKey, gateway, nameServers, repository, packages } = input;
  return {
    "user-data": `#cloud-config
# ${host.name}: steps 3 to 9 of the node operations runbook, section 2, at the first boot alone.
hostname: ${host.name}
preserve_hostname: false
ssh_pwauth: false
disable_root: true
users:
  - name: ${host.user}
    shell: /bin/bash
    lock_passwd: true
    sudo: "ALL=(ALL) NOPASSWD: ALL"
    ssh_authorized_keys:
      - ${JSON.stringify(operatorPublicKey)}
package_update: true
package_upgrade: true
packages:
${packages.map((name) => `  - ${name}`).join("\n")}
write_files:
  - path: /etc/ssh/sshd_config.d/50-logos.conf
    content: |
      AllowUsers ${host.user}
      PermitRootLogin no
      PasswordAuthentication no
      KbdInteractiveAuthentication no
bootcmd:
  # Before any package of ours: what the image came with needs no reason.
  - [cloud-init-per, once, packages-base, sh, -c, "apt-mark showmanual >/etc/logos-packages-base"]
  # The system never updates itself.
  - [cloud-init-per, once, no-updates, systemctl, mask, apt-daily.timer, apt-daily-upgrade.timer, unattended-upgrades.service]
runcmd:
  - [runuser, -u, ${host.user}, --, git, clone, ${JSON.stringify(repository)}, ${checkoutFolder}]
  - [systemctl, reload, ssh.service]
  # cloud-init has done its work and is not asked again.
  - [touch, /etc/cloud/cloud-init.disabled]
`,
    "meta-data": `instance-id: ${host.name}-${host.index}\nlocal-hostname: ${host.name}\n`,
    "network-config": `version: 2
ethernets:
  wired:
    match:
      name: "e*"
    dhcp4: false
    addresses: [${host.address}/24]
    routes:
      - to: default
        via: ${gateway}
    nameservers:
      addresses: [${nameServers.join(", ")}]
`,
  };
}
