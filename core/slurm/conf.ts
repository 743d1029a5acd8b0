import { gatedFeature, placeholderStem, slurmPartition } from "./names.ts";
import { slurmPorts, srunPortRange } from "./ports.ts";
import { schedulableMemoryMb } from "./size.ts";
import { timeouts } from "./timeouts.ts";

/** The largest pool that the controller is made for. */
export const largestPool = 32;

/**
 * Address of every placeholder, from a range that is never routed (RFC 5737). The control plane's own routes call it unreachable
 * (slurmctld.service.d/10-logos.conf): an attempt fails at once. One that is refused is repeated for 5 s (MessageTimeout), one that is
 * lost takes 2 s (TCPTimeout).
 */
export const placeholderAddress = "192.0.2.1";

/**
 * Records the controller can hold: the placeholders, twice the pool while it is replaced, and some that are on their way
 * out. A constant, because the controller reads it only at its start, while `pool.max` may change at any time.
 */
const maxNodeCount = largestPool + 2 * largestPool + 8;

export interface SlurmConfInput {
  /** IPv4 address of the control plane; nodes and clients need no name resolution. */
  readonly controlAddress: string;
  /** Placeholders: as many as the pool may have nodes, 1 to {@link largestPool}. */
  readonly poolMax: number;
  /** Size of one node: slots and MiB. */
  readonly node: { readonly cpus: number; readonly memoryMb: number };
}

/**
 * The controller's slurm.conf, which nodes fetch from it (configless).
 *
 * Nodes are dynamic: none is listed. The placeholders make the controller queue a job for an empty pool, where it would
 * refuse it otherwise.
 * @throws Error when poolMax is out of range.
 */
export function renderSlurmConf(input: SlurmConfInput): string {
  if (!Number.isInteger(input.poolMax) || input.poolMax < 1 || input.poolMax > largestPool) {
    throw new Error(`slurm.conf: poolMax must be 1 to ${largestPool}, not ${input.poolMax}`);
  }
  const memory = schedulableMemoryMb(input.node.memoryMb);
  return `# Rendered by the Pulumi program; edits are overwritten.
ClusterName=logos
SlurmctldHost=control(${input.controlAddress})
SlurmUser=slurm
SlurmctldPort=${slurmPorts.controller}
SlurmdPort=${slurmPorts.node}
SrunPortRange=${srunPortRange.first}-${srunPortRange.last}

AuthType=auth/slurm
# Also how long a requeued job is held back. The pool manager ends the machine of a node that Slurm gave up within that time,
# and a node that hears nothing ends its own jobs within SlurmdTimeout and that time: core/slurm/timeouts.ts.
AuthInfo=cred_expire=${timeouts.credentialSeconds}
CredType=cred/slurm
SlurmctldParameters=enable_configless
StateSaveLocation=/var/lib/slurm/slurmctld
SlurmdSpoolDir=/var/lib/slurm/slurmd
JobCompType=jobcomp/filetxt
JobCompLoc=/var/lib/slurm/jobcomp.log

# Dynamic nodes need cons_tres. A slot is a CPU, and memory is shared out by slots: without a default one job takes all of it.
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
DefMemPerCPU=${Math.floor(memory / input.node.cpus)}
MaxNodeCount=${maxNodeCount}
TreeWidth=65533

# Machines in containers have no cgroup tree of their own to give to jobs: a job that takes more memory than it was given
# is ended when it is looked at, every few seconds; the machine's own bound holds at once.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=5
JobAcctGatherParams=UsePss,OverMemoryKill
JobSubmitPlugins=lua

# The pool manager tells of a dead machine at once; these are the backstop.
SlurmdTimeout=${timeouts.slurmdSeconds}
MessageTimeout=5
TCPTimeout=2
BatchStartTimeout=10
KillWait=5
ReturnToService=2
JobRequeue=1
# What ended is remembered for an hour, for who asks after it; that many fit into the controller's memory.
MinJobAge=3600
MaxJobCount=20000
# A paused partition stays paused over a reconfigure and a restart.
ReconfigFlags=KeepPartState
DebugFlags=GLOB_SILENCE
# A free slot is looked at within the second; the pool is small enough for that.
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=0,nohold_on_prolog_fail

# Shipped to the nodes by name; the health check is the image's own and takes a path.
Prolog=logos-prolog.sh
PrologFlags=Alloc
HealthCheckProgram=/usr/lib/logos/health
HealthCheckInterval=30
HealthCheckNodeState=ANY

NodeName=${placeholderStem}-[1-${input.poolMax}] NodeAddr=${placeholderAddress} CPUs=${input.node.cpus} RealMemory=${memory} Feature=${gatedFeature} State=DOWN Reason="vacant slot of the pool"
NodeSet=gated Feature=${gatedFeature}
PartitionName=${slurmPartition} Nodes=gated Default=YES State=UP
`;
}
