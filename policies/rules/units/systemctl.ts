/** What the node operations runbook permits on a node. */
export const verbs = ["start", "stop", "enable", "disable", "status"];
export const harmlessOptions = ["--no-pager", "--now"];

/** The units that a plain command is for, where it is systemctl with a permitted verb and nothing beside; else undefined. */
export function unitsAsked(command: readonly string[]): readonly string[] | undefined {
  const [program, ...rest] = command[0] === "sudo" ? command.slice(1) : command;
  const options = rest.filter((word) => word.startsWith("-"));
  const [verb = "", ...units] = rest.filter((word) => !word.startsWith("-"));
  const permitted = program === "systemctl" && verbs.includes(verb);
  return permitted && options.every((option) => harmlessOptions.includes(option)) ? units : undefined;
}
