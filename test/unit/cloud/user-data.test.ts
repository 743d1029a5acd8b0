import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type BootFile, renderUserData } from "../../../components/cloud/user-data.ts";
import { filesFolder, listFiles } from "../../../images/files.ts";

const files: readonly BootFile[] = [
  { path: "/usr/lib/logos/fetch-credentials", text: "#!/bin/sh\nprintf 'a: \"b\"\\n'\n" },
  { path: "/etc/ssh/sshd_config.d/50-logos.conf", text: "PermitRootLogin no\n" },
];
const settings = { LOGOS_ROLE: "control", LOGOS_SECRETS: "logos/prod/control" };
const stock = renderUserData({ born: "stock", settings, files });
const captured = renderUserData({ born: "captured", settings, files: [] });

describe("user data of a stock machine", () => {
  it("is cloud-config, and holds every file byte by byte with the mode that its path asks for", () => {
    expect(stock.startsWith("#cloud-config\n")).toBe(true);
    expect(parse(stock).write_files).toEqual([
      {
        path: "/etc/logos/cloud.env",
        permissions: "0644",
        content: "LOGOS_ROLE=control\nLOGOS_SECRETS=logos/prod/control\n",
      },
      { path: files[0]?.path, permissions: "0755", content: files[0]?.text },
      { path: files[1]?.path, permissions: "0644", content: files[1]?.text },
    ]);
  });

  it("makes one user, whom no password and no key of the cloud lets in", () => {
    const { users } = parse(stock);
    expect(users).toHaveLength(1);
    expect(users[0]).toMatchObject({ name: "operator", lock_passwd: true });
    expect(stock).not.toContain("ssh_authorized_keys");
    expect(stock).not.toContain("default");
  });

  it("lets nobody make a host key but the one that is fetched, and starts sshd after that", () => {
    const { ssh_deletekeys, ssh_genkeytypes, runcmd } = parse(stock);
    expect([ssh_deletekeys, ssh_genkeytypes]).toEqual([true, []]);
    const lines = runcmd.map((words: readonly string[]) => words.join(" "));
    const place = (text: string) => lines.findIndex((line: string) => line.includes(text));
    expect(place("daemon-reload")).toBe(0);
    expect(place("mask ssh.socket")).toBeLessThan(place("logos-credentials.service"));
    expect(place("logos-credentials.service")).toBeLessThan(place("restart ssh.service"));
  });
});

describe("user data of a captured machine", () => {
  it("changes nothing that its manifest covers: settings, and no more", () => {
    const config = parse(captured);
    expect(config.write_files.map(({ path }: BootFile) => path)).toEqual(["/etc/logos/cloud.env"]);
    expect(config.users).toEqual([]);
    expect(config.runcmd).toBeUndefined();
    expect(config.ssh_deletekeys).toBe(false);
  });
});

describe("settings", () => {
  it.each([
    [{ lower: "x" }, '"lower" is no name of a setting'],
    [{ A: "two words" }, "The setting A would be"],
    [{ A: "x\nB=y" }, "The setting A would be"],
    [{ A: "$(id)" }, "The setting A would be"],
    [{ A: "'" }, "The setting A would be"],
  ])("refuse %o", (wrong, message) => {
    expect(() => renderUserData({ born: "captured", settings: wrong, files: [] })).toThrow(message);
  });

  it("must fit, with the files, into what every cloud takes", () => {
    const large = { path: "/x", text: "x".repeat(16_384) };
    expect(() => renderUserData({ born: "stock", settings: {}, files: [large] })).toThrow(/clouds take 16384/);
  });
});

describe("files of every cloud machine", () => {
  const cloud = (path: string) => readFileSync(join(filesFolder, "cloud", path), "utf8");

  it("configure sshd as the lab's base does", () => {
    const base = readFileSync(join(filesFolder, "../base/customize.sh"), "utf8");
    expect(base).toContain(`<<'SSHD'\n${cloud("etc/ssh/sshd_config.d/50-logos.conf")}SSHD\n`);
    expect(base).toContain(`<<'UNIT'\n${cloud("etc/systemd/system/ssh.service.d/10-logos.conf")}UNIT\n`);
  });

  it("fetch credentials before sshd starts, into memory that root alone reads", () => {
    const unit = cloud("etc/systemd/system/logos-credentials.service");
    expect(unit).toMatch(/^Before=ssh\.service$/m);
    expect(unit).toMatch(/^RuntimeDirectory=credstore\nRuntimeDirectoryMode=0700$/m);
    expect(cloud("etc/systemd/system/ssh.service.d/20-cloud.conf")).toMatch(/^After=logos-credentials\.service$/m);
  });

  it("are enabled by a preset", () => {
    const preset = listFiles("cloud").filter(({ path }) => path.endsWith(".preset"));
    expect(preset.map(({ path }) => cloud(path)).join("")).toContain("enable logos-credentials.service\n");
  });
});
