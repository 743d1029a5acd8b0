# Runs once inside a new root, last: what every machine has before any file of a role is copied to it.
# It must be enough for SSH to work safely at the first boot, and no more.
set -eu

# Users. Both have a password field that no password matches, so that only keys log in.
# Debian has a group of this name that nothing uses.
groupmod --gid 1000 operator
useradd --uid 1000 --gid 1000 --create-home --shell /bin/bash --password '*' operator
groupadd --system --gid 900 logos
useradd --system --uid 900 --gid 900 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin --password '*' logos
printf 'operator ALL=(ALL) NOPASSWD: ALL\n' >/etc/sudoers.d/operator
chmod 0440 /etc/sudoers.d/operator

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

# Names: addresses are configured, and no name server can be reached. One that is asked all the same costs seconds at each
# sudo, each login and each call between Slurm's daemons.
: >/etc/resolv.conf
sed -i 's/^hosts:.*/hosts: files myhostname/' /etc/nsswitch.conf
grep -q '^hosts: files myhostname$' /etc/nsswitch.conf

# Nothing changes a machine by itself: it is replaced, not updated.
systemctl mask apt-daily.timer apt-daily.service apt-daily-upgrade.timer apt-daily-upgrade.service \
  e2scrub_all.timer e2scrub_reap.service fstrim.timer dpkg-db-backup.timer dpkg-db-backup.service
# Nobody logs in at a console.
systemctl mask getty@.service console-getty.service serial-getty@.service container-getty@.service getty.target \
  systemd-logind.service
# Work at boot that a captured image has behind it, or that a fixed address does not need.
systemctl mask ldconfig.service systemd-journal-catalog-update.service systemd-firstboot.service \
  systemd-update-done.service systemd-hwdb-update.service systemd-networkd-wait-online.service \
  systemd-pstore.service sshd-keygen.service
# Slurm is authenticated by its own key file (auth/slurm), and its daemons start only where a role says so.
systemctl mask munge.service
systemctl disable slurmd.service slurmctld.service
systemctl disable nftables.service
systemctl enable ssh.service systemd-networkd.service systemd-network-generator.service
# A second way into sshd would not have the credentials.
systemctl mask ssh.socket sshd-vsock.socket sshd-unix-local.socket

# Debian's file includes a pattern that matches nothing, and Slurm logs an error for it at each start.
rm -f /etc/slurm/plugstack.conf
rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*.log /var/log/apt /usr/share/doc/* /usr/share/man/* /usr/share/info/*
: >/etc/machine-id
