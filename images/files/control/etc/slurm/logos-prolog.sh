#!/bin/sh
# Runs as root on the node before every job (shipped there by configless). The gate's unit stays active exactly as long as
# its last verdict is PASS; otherwise Slurm drains the node and takes the job elsewhere.
exec systemctl is-active --quiet logos-smoke.service
