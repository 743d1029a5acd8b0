import { readJson } from "../json.ts";
import { type JobRecord, parseJobRecord } from "./record.ts";

/** What `logos-agent follow` prints, one JSON object a line. */
export type FollowEvent =
  | {
      readonly event: "state";
      readonly job: number;
      readonly state: string;
      readonly reason: string;
      readonly node: string;
    }
  /** Bytes of the output from `offset` on, in base64. */
  | { readonly event: "output"; readonly attempt: number; readonly offset: number; readonly data: string }
  /** The scheduler does not answer; the job goes on. */
  | { readonly event: "waiting"; readonly for: string }
  | {
      readonly event: "end";
      readonly job: number;
      readonly state: string;
      readonly exitCode: number;
      readonly node: string;
      readonly restarts: number;
      /** What the job itself said, as JSON; absent when it did not come to its end. */
      readonly record?: JobRecord;
    }
  /** The scheduler does not know such a job. */
  | { readonly event: "unknown"; readonly job: number };

const kinds = ["state", "output", "waiting", "end", "unknown"] as const;

/** @throws Malformed on a line of another shape */
export function parseFollowEvent(line: string): FollowEvent {
  return readJson(line, "answer of the control plane", (fields): FollowEvent => {
    const event = fields.oneOf("event", kinds);
    switch (event) {
      case "state":
        return { event, job: fields.integer("job", 1), ...place(fields), reason: fields.string("reason", "text", any) };
      case "output":
        return {
          event,
          attempt: fields.integer("attempt", 0),
          offset: fields.integer("offset", 0),
          data: fields.string("data", "base64", /^[A-Za-z0-9+/]*={0,2}$/),
        };
      case "waiting":
        return { event, for: fields.string("for") };
      case "end": {
        const record = fields.has("record") ? fields.string("record") : undefined;
        return {
          event,
          job: fields.integer("job", 1),
          ...place(fields),
          exitCode: fields.integer("exitCode", 0),
          restarts: fields.integer("restarts", 0),
          ...(record === undefined ? {} : { record: parseJobRecord(record, "record of the job") }),
        };
      }
      case "unknown":
        return { event, job: fields.integer("job", 1) };
    }
  });
}

/** The record travels as text: it is a document of its own. */
export function renderFollowEvent(event: FollowEvent): string {
  return `${JSON.stringify(event, (key, value: unknown) => (key === "record" ? JSON.stringify(value) : value))}\n`;
}

const any = /^[\s\S]*$/;

function place(fields: { string(key: string, what: string, pattern: RegExp): string }): {
  state: string;
  node: string;
} {
  return { state: fields.string("state", "a state", /^[A-Z_]+$/), node: fields.string("node", "text", any) };
}
