import { schedulableMemoryMb } from "./size.ts";

/** What a job may ask for at most. */
export interface SubmitLimits {
  readonly poolMax: number;
  readonly node: { readonly cpus: number; readonly memoryMb: number };
}

/**
 * The controller's job_submit.lua. It refuses at once, in words, what no node of this pool could ever run, and rings the
 * bell of the demand. Slurm's own check lets through what its placeholders and real nodes could run together.
 *
 * It runs inside the controller, under its lock: no process, no wait, and a bell that cannot be rung is passed over.
 */
export function renderJobSubmit({ poolMax, node }: SubmitLimits): string {
  const memory = schedulableMemoryMb(node.memoryMb);
  return `-- Rendered by the Pulumi program; edits are overwritten.
local max_nodes = ${poolMax}
local node_cpus = ${node.cpus}
local node_memory = ${memory}

local function ring()
  local bell = io.open("/run/logos-demand/bell", "w")
  if bell then
    bell:write("x")
    bell:close()
  end
end

-- A number that was given; Slurm marks others with the largest values of their type.
local function given(value)
  if value == nil or value >= 4294967294 or value == 65534 or value == 65535 then return nil end
  return value
end

local function refuse(text)
  slurm.log_user("logos: %s. The pool has at most %d nodes of %d CPUs and %d MiB.", text, max_nodes, node_cpus, node_memory)
  return slurm.ERROR
end

function slurm_job_submit(job, partitions, uid)
  local nodes = given(job.min_nodes)
  local cpus = given(job.min_cpus)
  local task = given(job.cpus_per_task)
  if nodes ~= nil and nodes > max_nodes then return refuse(string.format("%d nodes are asked for", nodes)) end
  if task ~= nil and task > node_cpus then return refuse(string.format("%d CPUs for one task are asked for", task)) end
  if cpus ~= nil and cpus > max_nodes * node_cpus then return refuse(string.format("%d CPUs are asked for", cpus)) end
  ring()
  return slurm.SUCCESS
end

function slurm_job_modify(job, record, partitions, uid)
  ring()
  return slurm.SUCCESS
end

return slurm.SUCCESS
`;
}
