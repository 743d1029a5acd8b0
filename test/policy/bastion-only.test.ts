import { expect, it } from "vitest";
import { bastionOnly } from "../../policies/rules/remote/bastion-only.ts";
import { violations } from "./harness.ts";

it("bastion-only repeats nothing of a connection's secrets", async () => {
  const secret = "canary-2718";
  const hop = { host: "198.51.100.7", user: "root", privateKey: secret, password: secret };
  const found = await violations(bastionOnly, {
    type: "command:remote:Command",
    props: { connection: { ...hop, proxy: { ...hop, hostKey: secret } } },
  });
  expect(found.length).toBeGreaterThan(5);
  expect(found.join()).not.toContain(secret);
});
