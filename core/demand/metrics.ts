import type { DemandDocument } from "./document.ts";

/** The document in Prometheus' text form, for the exporter's textfile collector. */
export function renderMetrics(document: DemandDocument): string {
  const gauges: readonly (readonly [string, string, number])[] = [
    ["logos_nodes_wanted", "Nodes that should take work, after the wait before a scale-in", document.nodesWanted],
    ["logos_nodes_wanted_now", "Nodes that the queue asks for at this moment", document.nodesWantedNow],
    ["logos_jobs_pending", "Jobs and array tasks that wait", document.pending],
    ["logos_jobs_pending_counted", "Those of them that a node would help", document.counted],
    ["logos_demand_timestamp_seconds", "When this was computed", document.time / 1000],
  ];
  const excluded = Object.entries(document.excluded).map(
    ([reason, count]) => `logos_jobs_pending_excluded{reason=${JSON.stringify(reason)}} ${count}`,
  );
  return [
    ...gauges.flatMap(([name, help, value]) => [`# HELP ${name} ${help}.`, `# TYPE ${name} gauge`, `${name} ${value}`]),
    "# HELP logos_jobs_pending_excluded Jobs that wait and are no demand, by reason.",
    "# TYPE logos_jobs_pending_excluded gauge",
    ...excluded,
    "",
  ].join("\n");
}
