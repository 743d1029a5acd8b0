import { type Group, groups } from "./lab/resources.ts";

/** What a machine is there for. Each role has files, credentials and an identity of its own. */
export const roles = groups;
export type Role = Group;
