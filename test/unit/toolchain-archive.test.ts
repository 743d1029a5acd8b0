import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fetchArchive, Unavailable } from "../../toolchain/archive.ts";
import { SetupError } from "../../toolchain/report.ts";

const impatient = { answer: 300, stall: 300 };
let folder: string;
let into: string;
let server: Server | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "logos-archive-"));
  into = join(folder, "into");
  mkdirSync(into);
});

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

describe("an official archive", () => {
  it("is unpacked when it is what its publisher says", async () => {
    const tar = makeArchive("pulumi");
    const base = await serve(files({ "/tool.tar.gz": tar, "/sums.txt": sums(tar) }));
    await fetchFrom(base, "pulumi");
    expect(readdirSync(into).sort()).toEqual(["tool", "tool-helper"]);
    expect(readFileSync(join(into, "tool"), "utf8")).toBe("#!/bin/sh\n");
    expect(statSync(join(into, "tool")).mode & 0o111).toBe(0o111);
  });

  it("may hold its programs at its top", async () => {
    const tar = makeArchive(".");
    const base = await serve(files({ "/tool.tar.gz": tar, "/sums.txt": sums(tar) }));
    await fetchFrom(base, ".");
    expect(readdirSync(into).sort()).toEqual(["tool", "tool-helper"]);
  });

  it("is refused for good when its sum differs, and nothing of it is unpacked", async () => {
    const base = await serve(files({ "/tool.tar.gz": makeArchive("."), "/sums.txt": sums(Buffer.from("other")) }));
    await expect(fetchFrom(base, ".")).rejects.toThrow(SetupError);
    expect(readdirSync(into)).not.toContain("tool");
  });

  it("counts as unavailable when its publisher lists no sum for it", async () => {
    const base = await serve(
      files({ "/tool.tar.gz": makeArchive("."), "/sums.txt": Buffer.from("<html>Log in</html>") }),
    );
    await expect(fetchFrom(base, ".")).rejects.toThrow(/sums.txt has no SHA-256 for tool.tar.gz/);
  });

  it("counts as unavailable when the server has none", async () => {
    const base = await serve(files({}));
    await expect(fetchFrom(base, ".")).rejects.toThrow(/cannot download .*\/sums.txt \(HTTP 404\)/);
  });

  it("counts as unavailable when nobody listens", async () => {
    const base = await serve(files({}));
    server?.close();
    await expect(fetchFrom(base, ".")).rejects.toThrow(/ECONNREFUSED/);
  });

  it("counts as unavailable when the server never answers", async () => {
    const base = await serve(() => {});
    await expect(fetchFrom(base, ".")).rejects.toThrow(/no answer in 0.3 s/);
  });

  it("counts as unavailable when the server stops in the middle", async () => {
    const tar = makeArchive(".");
    const base = await serve((request, response) => {
      if (request.url === "/sums.txt") return response.end(sums(tar));
      response.writeHead(200, { "content-length": tar.length });
      response.write(tar.subarray(0, 10));
    });
    await expect(fetchFrom(base, ".")).rejects.toThrow(/stalled for 0.3 s/);
  });

  it("counts as unavailable when the connection breaks in the middle", async () => {
    const tar = makeArchive(".");
    const base = await serve((request, response) => {
      if (request.url === "/sums.txt") return response.end(sums(tar));
      response.writeHead(200, { "content-length": tar.length });
      response.write(tar.subarray(0, 10), () => response.destroy());
    });
    await expect(fetchFrom(base, ".")).rejects.toThrow(Unavailable);
  });
});

function fetchFrom(base: string, inside: string): Promise<void> {
  return fetchArchive(
    { url: `${base}/tool.tar.gz`, checksumsUrl: `${base}/sums.txt`, folder: inside },
    into,
    impatient,
  );
}

function makeArchive(inside: string): Buffer {
  const tree = join(folder, "tree");
  mkdirSync(join(tree, inside), { recursive: true });
  for (const name of ["tool", "tool-helper"]) {
    writeFileSync(join(tree, inside, name), "#!/bin/sh\n");
    chmodSync(join(tree, inside, name), 0o755);
  }
  const file = join(folder, "archive.tar.gz");
  execFileSync("tar", ["-czf", file, "-C", tree, "."]);
  return readFileSync(file);
}

function sums(content: Buffer): Buffer {
  const hex = createHash("sha256").update(content).digest("hex");
  return Buffer.from(`${"0".repeat(64)}  tool.zip\n${hex}  tool.tar.gz\n`);
}

function files(content: Readonly<Record<string, Buffer>>): RequestListener {
  return (request, response) => {
    const body = content[request.url ?? ""];
    response.writeHead(body === undefined ? 404 : 200).end(body);
  };
}

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = started.address();
  if (address === null || typeof address === "string") throw new Error("the server listens on no port");
  return `http://127.0.0.1:${address.port}`;
}
