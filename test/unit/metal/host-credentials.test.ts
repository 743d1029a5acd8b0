import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesFolder } from "../../../images/files.ts";
import { canHaveOwnRoot, inOwnRoot } from "../../support/own-root.ts";

const program = join(filesFolder, "metal/usr/lib/logos/host-credentials");

/** Runs the program on a host that holds no credentials but what `before` makes, and answers with what `after` prints. */
function handOut(input: string, before: string, after: string) {
  const empty = "rm -rf /etc/credstore; mkdir -p /run/credstore /etc/credstore";
  return inOwnRoot(`${empty}; ${before}; sh "$1" && ${after}`, [program], input);
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe.skipIf(!canHaveOwnRoot)("host-credentials (needs root)", () => {
  it("keeps secrets in memory, what is public on the disk, and removes what does not come again", () => {
    const { stdout, stderr, status } = handOut(
      `memory slurm.jwks ${base64("secret")}\ndisk logos.allowed-signers ${base64("public")}`,
      "echo old >/run/credstore/logos.gone",
      "cat /run/credstore/slurm.jwks /etc/credstore/logos.allowed-signers; ls /run/credstore /etc/credstore",
    );
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toContain("secretpublic");
    expect(stdout).not.toContain("logos.gone");
  });

  it("has the machine prove itself again: that it was let serve with others is forgotten", () => {
    const { stdout, status } = handOut(
      `memory slurm.jwks ${base64("secret")}\n`,
      "mkdir -p /run/logos-steps/admit-0123456789ab-cdef /run/logos-steps/apply-0123456789ab-cdef",
      "ls /run/logos-steps",
    );
    expect(status).toBe(0);
    expect(stdout).toContain("apply-0123456789ab-cdef");
    expect(stdout).not.toContain("admit-");
  });

  it("refuses a name that is none of ours", () => {
    const { stderr, status } = handOut(`memory ../shadow ${base64("x")}\n`, "true", "true");
    expect(status).toBe(1);
    expect(stderr).toContain("none of ours");
  });
});
