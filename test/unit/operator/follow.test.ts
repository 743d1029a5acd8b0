import { describe, expect, it } from "vitest";
import { type FollowEvent, renderFollowEvent } from "../../../core/jobs/events.ts";
import { followJob } from "../../../operator/follow.ts";
import type { Answer, Remote } from "../../../operator/remote.ts";

const output = (attempt: number, offset: number, text: string): FollowEvent => ({
  event: "output",
  attempt,
  offset,
  data: Buffer.from(text).toString("base64"),
});
const end: FollowEvent = { event: "end", job: 7, state: "COMPLETED", exitCode: 0, node: "n-1", restarts: 0 };
const ok: Answer = { code: 0, stdout: "", stderr: "" };
const lost: Answer = { code: "unreachable", stdout: "", stderr: "Connection closed" };

/** A simulated control plane: each connection gives its events, then ends as it says. */
function connections(...given: readonly (readonly [readonly FollowEvent[] | string, Answer])[]) {
  const commands: string[] = [];
  const remote: Remote = {
    run: () => {
      throw new Error("nothing is run");
    },
    stream: async (command, onLine) => {
      commands.push(command);
      const [events, answer] = given[commands.length - 1] ?? [[], ok];
      const text = typeof events === "string" ? events : events.map(renderFollowEvent).join("");
      for (const line of text.trimEnd().split("\n")) if (line !== "") onLine(line);
      return answer;
    },
  };
  return { remote, commands };
}

async function follow(remote: Remote, signal = new AbortController().signal) {
  let printed = "";
  const said: string[] = [];
  const ends = await followJob(
    remote,
    7,
    {
      output: (bytes) => {
        printed += bytes.toString();
      },
      say: (line) => said.push(line),
    },
    signal,
    1,
  );
  return { printed, said, ends };
}

describe("following a job", () => {
  it("prints what it prints and gives its end with what it found", async () => {
    const record = {
      job: 7,
      attempt: 0,
      class: "rebuild",
      node: "n-1",
      startedAt: "a",
      endedAt: "b",
      exitCode: 0,
      verdict: "PASS",
    } as const;
    const state = { event: "state", job: 7, state: "PENDING", reason: "Resources", node: "" } as const;
    const { remote, commands } = connections([
      [state, state, output(0, 0, "hello "), output(0, 6, "world"), { ...end, record }],
      ok,
    ]);
    const { printed, said, ends } = await follow(remote);
    expect(printed).toBe("hello world");
    expect(said).toEqual(["job 7: waits (Resources)"]);
    expect(ends).toEqual([{ ...end, record }]);
    expect(commands).toEqual(["logos-agent follow 7 --from 0:0"]);
  });

  it("goes on where it was when the connection is lost, without a byte twice", async () => {
    const { remote, commands } = connections(
      [[output(0, 0, "abc")], lost],
      [[], lost],
      [[output(0, 0, "abcdef"), end], ok],
    );
    const { printed, said, ends } = await follow(remote);
    expect(printed).toBe("abcdef");
    expect(commands.slice(1)).toEqual(["logos-agent follow 7 --from 0:3", "logos-agent follow 7 --from 0:3"]);
    expect(said).toEqual(["job 7: the control plane does not answer; the job goes on, and so does this"]);
    expect(ends).toEqual([end]);
  });

  it("says that a job begins again on another node, and prints that attempt from its start", async () => {
    const { remote } = connections([
      [output(0, 0, "first, cut o"), output(1, 0, "second"), { ...end, restarts: 1 }],
      ok,
    ]);
    const { printed, said } = await follow(remote);
    expect(printed).toBe("first, cut osecond");
    expect(said).toEqual(["job 7: begins again, attempt 2"]);
  });

  it("takes half a line of a lost connection for lost", async () => {
    const half = renderFollowEvent(output(0, 0, "abc")).slice(0, 20);
    const { remote } = connections([half, lost], [[output(0, 0, "abc"), end], ok]);
    expect((await follow(remote)).printed).toBe("abc");
    await expect(follow(connections([half, ok]).remote)).rejects.toThrow(/is not JSON/);
  });

  it("ends with a message for a job that nobody knows, and for a refusal", async () => {
    await expect(follow(connections([[{ event: "unknown", job: 7 }], ok]).remote)).rejects.toThrow(
      /does not know job 7/,
    );
    await expect(follow(connections([[], { code: 2, stdout: "", stderr: "no" }]).remote)).rejects.toThrow(
      /cannot be followed: no/,
    );
  });

  it("ends at once, without an end of the job, when it is interrupted", async () => {
    const controller = new AbortController();
    controller.abort();
    expect((await follow(connections([[], lost]).remote, controller.signal)).ends).toBeUndefined();
  });
});
