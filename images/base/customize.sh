# Runs once inside a new root, last: what every machine has before any file of a role is copied to it.
# It must be enough for SSH to work safely at the first boot, and no more. The functions that begin with base_ are put before
# it: files/stock/usr/lib/logos/base-system, which machines born otherwise read too.
set -eu

base_users

# SSH. Host key and authorized keys come as credentials at boot: an image holds neither. ImportCredential takes what is
# there; without a host key sshd does not start, which is the safe side.
rm -f /etc/ssh/ssh_host_*
mkdir -p /etc/systemd/system/ssh.service.d
cat >/etc/systemd/system/ssh.service.d/10-logos.conf <<'UNIT'
[Service]
ImportCredential=logos.ssh-host-key
ImportCredential=logos.authorized-keys
# The first directory is Debian's own: the list in a drop-in replaces nothing, it adds.
RuntimeDirectory=logos-ssh
# sshd reads this file as the user who logs in, so it cannot lie among the credentials, which only root may read.
ExecStartPre=/usr/bin/install -m 0644 ${CREDENTIALS_DIRECTORY}/logos.authorized-keys /run/logos-ssh/operator
UNIT
cat >/etc/ssh/sshd_config.d/50-logos.conf <<'SSHD'
HostKey /run/credentials/ssh.service/logos.ssh-host-key
AuthorizedKeysFile /run/logos-ssh/%u
AllowUsers operator
PermitRootLogin no
AuthenticationMethods publickey
PasswordAuthentication no
KbdInteractiveAuthentication no
HostbasedAuthentication no
PermitUserEnvironment no
X11Forwarding no
AllowAgentForwarding no
AllowStreamLocalForwarding no
PermitTunnel no
GatewayPorts no
UseDNS no
MaxAuthTries 3
LoginGraceTime 30
# A bake opens several connections at once through the bastion.
MaxStartups 60:30:120
MaxSessions 60
SSHD

: >/etc/resolv.conf
base_names
base_no_updates
base_no_console
# Work at boot that a captured image has behind it, or that a fixed address does not need.
systemctl mask ldconfig.service systemd-journal-catalog-update.service systemd-firstboot.service \
  systemd-update-done.service systemd-hwdb-update.service systemd-networkd-wait-online.service \
  systemd-pstore.service
base_scheduler
systemctl disable nftables.service
systemctl enable ssh.service systemd-networkd.service systemd-network-generator.service
base_one_sshd

rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*.log /var/log/apt /usr/share/doc/* /usr/share/man/* /usr/share/info/*
: >/etc/machine-id
