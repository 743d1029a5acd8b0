import { describe, expect, it } from "vitest";
import { commandsIn, plainCommand, plainCommands } from "../../../core/guard/shell.ts";

describe("a plain command", () => {
  it.each([
    ["systemctl start x.service", ["systemctl", "start", "x.service"]],
    ["  systemctl   status  x ", ["systemctl", "status", "x"]],
    ["'systemctl' \"start\" 'a b'", ["systemctl", "start", "a b"]],
    ["sys'tem'ctl start x", ["systemctl", "start", "x"]],
    ["sys\\temctl start", ["systemctl", "start"]],
    ["echo 'a;b'", ["echo", "a;b"]],
    ["echo '$(id)'", ["echo", "$(id)"]],
    ['echo "[x]"', ["echo", "[x]"]],
  ])("is read: %s", (text, words) => {
    expect(plainCommand(text)).toEqual({ words });
  });

  it.each([
    ["", "is empty"],
    ["   ", "is empty"],
    ["# systemctl start x", "is empty"],
    ["a; b", "more than one command"],
    ["a;", "goes on after its command"],
    ["a &", "goes on after its command"],
    ["a # b", "goes on after its command"],
    ["a && b", 'joins commands by "&&"'],
    ["a || b", 'joins commands by "||"'],
    ["a | b", 'construct "Pipeline"'],
    ["! a", 'construct "Pipeline"'],
    ["(a)", 'construct "Subshell"'],
    ["{ a; }", 'construct "BraceGroup"'],
    ["if a; then b; fi", 'construct "If"'],
    ["f() { a; }", 'construct "Function"'],
    ["a > b", "redirects"],
    ["a 2>&1", "redirects"],
    ["> b a", "sets variables or redirects before"],
    ["a <<< b", "redirects"],
    ["X=1 a", "sets variables"],
    ["X=1", "sets variables"],
    ["a $(b)", "expands"],
    ["a `b`", "expands"],
    ['a "$(b)"', "expands"],
    ['a "x${b}"', "expands"],
    ["a $b", "expands"],
    ["a ${b}", "expands"],
    ["a $((1))", "expands"],
    ["a <(b)", "expands"],
    ["a *", "expands"],
    ["a b?", "expands"],
    ["a [b]", "expands"],
    ["a {b,c}", "expands"],
    ["a ~/b", "expands"],
    ["a $'b'", "expands"],
    ["a\nb", "more than one line"],
    ["a\rb", "more than one line"],
    ["a\0b", "more than one line"],
    ["a <<E\nb\nE", "more than one line"],
    ["a 'b", "is not shell text"],
    ["if a", "is not shell text"],
    ["a )", "is not shell text"],
  ])("is not: %o", (text, problem) => {
    expect(plainCommand(text)).toEqual({ problem: expect.stringContaining(problem) });
  });

  it("may be joined by && where that is allowed, and by nothing else", () => {
    expect(plainCommands("a b && c")).toEqual({ commands: [["a", "b"], ["c"]] });
    expect(plainCommands("a && b || c")).toEqual({ problem: expect.stringContaining('"||"') });
    expect(plainCommands("a && b | c")).toEqual({ problem: expect.stringContaining("Pipeline") });
    expect(plainCommands("a && b &")).toEqual({ problem: expect.stringContaining("goes on") });
  });
});

describe("the commands of a script", () => {
  it.each([
    ["aws ec2 x", "aws ec2 x"],
    ["true && aws ec2 x", "aws ec2 x"],
    ["a | aws ec2 x", "aws ec2 x"],
    ["if a; then aws ec2 x; fi", "aws ec2 x"],
    ["f() { aws ec2 x; }; f", "aws ec2 x"],
    ["for i in 1; do aws ec2 x; done", "aws ec2 x"],
    ["case a in b) aws ec2 x;; esac", "aws ec2 x"],
    ["echo $(aws ec2 x)", "aws ec2 x"],
    ['echo "$(aws ec2 x)"', "aws ec2 x"],
    ["echo `aws ec2 x`", "aws ec2 x"],
    ["cat <(aws ec2 x)", "aws ec2 x"],
    ["(aws ec2 x)", "aws ec2 x"],
    ["sudo aws ec2 x", "aws ec2 x"],
    ["sudo -n env A=1 /usr/bin/aws ec2 x", "/usr/bin/aws ec2 x"],
    ["timeout 5 aws ec2 x", "aws ec2 x"],
    ["timeout 10s aws ec2 x", "aws ec2 x"],
    ["sudo -u root aws ec2 x", "aws ec2 x"],
    ["sudo -nu root -g adm aws ec2 x", "aws ec2 x"],
    ["sudo --user root env -u HOME nice -n 5 timeout -s KILL 5 aws ec2 x", "aws ec2 x"],
    ["doas -u root aws ec2 x", "aws ec2 x"],
    ["xargs -I {} aws ec2 x", "aws ec2 x"],
    ["/usr/bin/time -o out aws ec2 x", "aws ec2 x"],
    ["exec -a name aws ec2 x", "aws ec2 x"],
    ["nohup setsid command aws ec2 x", "aws ec2 x"],
    ["bash -c 'aws ec2 x'", "aws ec2 x"],
    ["sudo sh -ec 'true; aws ec2 x'", "aws ec2 x"],
    ["bash -c \"bash -c 'aws ec2 x'\"", "aws ec2 x"],
    ["eval aws ec2 x", "aws ec2 x"],
    ["ssh host aws ec2 x", "aws ec2 x"],
    ["ssh host 'aws ec2 x'", "aws ec2 x"],
    ["'a'ws ec2 x", "aws ec2 x"],
    ["X=1 aws ec2 x", "aws ec2 x"],
    ["#!/bin/sh\nset -e\naws ec2 x\n", "aws ec2 x"],
    ["aws ec2 x &", "aws ec2 x"],
  ])("are found in %o", (text, found) => {
    const { commands, readable } = commandsIn(text);
    expect(commands.map((words) => words.join(" "))).toContain(found);
    expect(readable).toBe(true);
  });

  it.each(["# aws ec2 x", "echo 'aws ec2 x'", "cat <<E\naws ec2 x\nE"])(
    "are not found in what is not run: %o",
    (text) => {
      expect(commandsIn(text).commands.map((words) => words.join(" "))).not.toContain("aws ec2 x");
    },
  );

  it("says when text is none, or nested beyond reading", () => {
    expect(commandsIn("if a").readable).toBe(false);
    expect(commandsIn("sh -c 'if a'").readable).toBe(false);
    const deep = Array.from({ length: 12 }).reduce<string>((text) => `eval ${text}`, "a b");
    expect(commandsIn(deep).readable).toBe(false);
  });

  it("leaves a wrapper without a command as it stands", () => {
    expect(commandsIn("sudo -n").commands).toEqual([["sudo", "-n"]]);
    expect(commandsIn("env").commands).toEqual([["env"]]);
  });
});
