/**
 * Reasons for which a job waits that no further node would end, by the words that Slurm's own list of them has
 * (squeue(1), "JOB REASON CODES"). A reason that is not listed here counts as demand: a job that waits for ever is worse
 * than a node too many, which goes again by itself.
 */
const notDemand: ReadonlyMap<string, string> = new Map([
  ["BeginTime", "its begin time has not come"],
  ["Dependency", "it depends on another job"],
  ["DependencyNeverSatisfied", "it depends on a job that failed"],
  ["JobHeldUser", "held by its owner"],
  ["JobHeldAdmin", "held by an administrator"],
  ["launch failed requeued held", "held since its launch failed"],
  ["job requeued in held state", "held when it was requeued"],
  ["JobHoldMaxRequeue", "held after too many requeues"],
  ["PartitionDown", "the partition is paused"],
  ["PartitionInactive", "the partition is paused"],
  ["PartitionNodeLimit", "more nodes than the partition allows"],
  ["PartitionTimeLimit", "more time than the partition allows"],
  ["Reservation", "its reservation has not begun"],
  ["ReservationDeleted", "its reservation is gone"],
  ["JobArrayTaskLimit", "as many tasks of its array run as it allows"],
  ["Licenses", "it waits for a license"],
  ["BadConstraints", "its constraints cannot be met"],
  ["InvalidAccount", "its account is not valid"],
  ["InvalidQOS", "its quality of service is not valid"],
  ["MaxMemPerLimit", "more memory than is allowed"],
  ["AccountNotAllowed", "its account may not use the partition"],
  ["QOSNotAllowed", "its quality of service may not use the partition"],
  ["DeadLine", "its deadline cannot be met"],
  ["BurstBufferResources", "it waits for a burst buffer"],
  ["BurstBufferStageIn", "it waits for a burst buffer"],
]);

/** Why a job with this reason is no demand, in words; undefined when it is. */
export function excludedBy(reason: string, restarts: number): string | undefined {
  // Slurm holds a requeued job back until its old credential has ended: it wants a node all the same.
  if (reason === "BeginTime" && restarts > 0) return undefined;
  const known = notDemand.get(reason);
  if (known !== undefined) return known;
  if (/^ReqNodeNotAvail,\s*Reserved/i.test(reason)) return "its nodes are reserved";
  // Limits of accounts and of qualities of service: AssocGrpCpuLimit, QOSMaxJobsPerUserLimit, and so on.
  if (/^(?:Assoc|QOS)\w*(?:Limit|Res|Minutes)/.test(reason)) return "a limit of its account or quality of service";
  return undefined;
}
