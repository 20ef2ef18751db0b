/** The shell as a process among others: streams, signals, jobs, limits, interactive use. */
import { describe, expect, it } from "vitest";
import type { Command } from "../kernel/abi.ts";
import { makeRig, type Rig, testCommand } from "../testing/rig.ts";
import { shellCommands } from "./index.ts";
import { stepLoop } from "./steps.ts";

const sleep = testCommand("sleep", function* (sys, argv) {
  yield* sys.nanosleep(Math.round(Number(argv[1]) * 1e9));
  return 0;
});
const yes = testCommand("yes", function* (sys) {
  const line = Uint8Array.from([121, 10]);
  for (;;) if ((yield* sys.write(1, line)) < 0) return 1;
});
const cat = testCommand("cat", function* (sys) {
  for (;;) {
    const d = yield* sys.read(0, 4096);
    if (typeof d === "number" || d.length === 0) return 0;
    yield* sys.write(1, d);
  }
});
const head1 = testCommand("head1", function* (sys) {
  for (;;) {
    const d = yield* sys.read(0, 1);
    if (typeof d === "number" || d.length === 0) return 0;
    yield* sys.write(1, d);
    if (d[0] === 10) return 0;
  }
});
const commands: readonly Command[] = [...shellCommands, sleep, yes, cat, head1];

function rig(): Rig {
  return makeRig({ commands });
}
function run(script: string, limit = 600): { stdout: string; stderr: string; code: number; now: number } {
  const r = rig();
  const out = r.run(script, { stdin: "", limit });
  expect(r.world.faults).toEqual([]);
  return out;
}

describe("streams", () => {
  it("a writer ends when its reader has gone", () => {
    const r = run("yes | head1; echo ${PIPESTATUS[@]}");
    expect(r.stdout).toBe("y\n141 0\n");
  });
  it("a pipeline runs at the same time", () => {
    const r = run("sleep 2 | sleep 2 | sleep 2");
    expect(r.now).toBeLessThan(2.5e9);
  });
  it("a loop streams into the next command", () => {
    expect(run("while :; do echo x; done | head1").stdout).toBe("x\n");
  });
  it("a here-document larger than a pipe arrives whole", () => {
    const r = run(`x=${"a".repeat(1000)}; x=$x$x$x$x$x$x$x$x$x$x; y=$x$x$x$x$x$x$x; cat <<E >f\n$y$y\nE\nz=$(<f); echo \${#z}`);
    expect(r.stdout).toBe("140000\n");
  });
  it("fork bomb: the limit is met and said, and it ends", () => {
    const r = run(":(){ :|:& };: ; sleep 60", 100);
    expect(r.stderr).toContain("fork: retry: Resource temporarily unavailable");
  });
});

describe("limits are named, at once", () => {
  const cases: [string, string, RegExp, number][] = [
    ["brace bomb", "echo {1..99999999}", /makes 99999999 words; more than 100000 are not simulated/, 64],
    ["nested brace bomb", `echo ${"{a,b}".repeat(40)}`, /more than 100000 words are not simulated/, 64],
    ["string doubling", "x=a; while :; do x=$x$x; done", /xrealloc: cannot allocate \d+ bytes/, 2],
    ["recursion", "f() { f; }; f", /f: maximum function nesting level exceeded \(1000\)/, 1],
    ["deep substitutions", `echo ${"$(".repeat(3000)}`, /nesting depth of more than 256 is not simulated/, 64],
    ["deep parentheses", `echo $(( ${"(".repeat(3000)}1${")".repeat(3000)} ))`, /not simulated|recursion level/, 64],
    ["endless variables in arithmetic", "a=b; b=a; echo $((a))", /expression recursion level exceeded/, 1],
  ];
  for (const [name, script, message, code] of cases)
    it(name, () => {
      const r = run(script);
      expect(r.stderr).toMatch(message);
      expect(r.code).toBe(code);
    });
  it("900 nested functions are fine", () => {
    expect(run("f() { (($1)) || return; f $(($1-1)); }; f 900; echo ok").stdout).toBe("ok\n");
  });
  it("patterns cannot explode", () => {
    expect(
      run(
        `x=${"a".repeat(3000)}; [[ $x == *a*a*a*a*a*a*a*a*a*a*b ]]; echo $?; [[ $x =~ (a|aa)+$ ]]; echo $?; shopt -s extglob; [[ $x == +(a|aa)b ]]; echo $?`,
      ).stdout,
    ).toBe("1\n0\n1\n");
  });
  it("a socket by redirection says so and is a failed redirection", () => {
    const r = run("echo hi >/dev/tcp/127.0.0.1/80; echo $?");
    expect([r.stderr, r.stdout]).toEqual(["hop: bash: /dev/tcp is not simulated\n", "1\n"]);
  });
  it("what bash has and we have not says so", () => {
    for (const what of ["bind -p", "complete", "fc", "coproc cat", "set -o vi", "shopt -s autocd", "ulimit -n 5", "read -e x"]) {
      const r = run(`${what}; echo $?`);
      expect([what, r.stderr]).toEqual([what, expect.stringMatching(/^hop: bash: .* is not simulated\n/)]);
      expect(r.stdout).toBe("64\n");
    }
  });
});

describe("signals", () => {
  it("work takes time: an endless loop is over when its time is", () => {
    const r = run("(while :; do :; done) & p=$!; sleep 0.2; kill $p; wait $p; echo $?");
    expect(r.stdout).toBe("143\n");
    expect(r.now).toBeLessThan(0.3e9);
  });
  it("a trap runs after the command it came during, and wait ends early", () => {
    expect(
      run(
        "trap 'echo t' USR1; (sleep 1; kill -USR1 $$) & sleep 3; echo done; trap 'echo u' USR2; (sleep 1; kill -USR2 $$) & sleep 50 & wait $!; echo $?",
      ).stdout,
    ).toBe("t\ndone\nu\n140\n");
  });
  it("a script dies of the SIGINT its command died of", () => {
    expect(run("(kill -INT $BASHPID); echo $?").stdout).toBe("130\n");
  });
  it("background commands of a script ignore SIGINT and read nothing", () => {
    expect(run("sleep 1 & kill -INT $!; wait $!; echo $?; cat & wait; echo read").stdout).toBe("0\nread\n");
  });
});

describe("at a terminal", () => {
  it("^C in every state gives the prompt back", () => {
    const t = rig().login();
    for (const cmd of [
      "sleep 100",
      "while :; do :; done",
      "read x",
      "cat",
      "yes >/dev/null",
      "sleep 100 | cat",
      "for ((;;)); do sleep 1; done",
      "wait",
      "echo $(sleep 100)",
      "(sleep 100)",
      "until false; do true; done",
      "f() { f2; }; f2() { while :; do x=$((x+1)); done; }; f",
      "sleep 5 & wait",
    ]) {
      t.type(`${cmd}\r`, 0.1);
      const out = t.type("\x03", 0.1);
      expect([cmd, out]).toEqual([cmd, expect.stringContaining("^C")]);
      expect([cmd, t.type("echo $((40+2))\r", 0.1)]).toEqual([cmd, expect.stringContaining("42")]);
    }
  });
  it("stops, lists, resumes and kills jobs in bash's words", () => {
    const t = rig().login();
    t.type("PS1='$ '\r");
    const say = (keys: string, s = 0.3): string =>
      t
        .type(keys, s)
        .replace(/\x1b\[\?2004[hl]\r?/g, "")
        .replaceAll("\r\n", "\n");
    say("sleep 100\r");
    expect(say("\x1a")).toBe("^Z\n[1]+  Stopped                 sleep 100\n$ ");
    expect(say("sleep 200 &\r")).toMatch(/\[2\] \d+\n\$ $/);
    expect(say("jobs\r")).toBe("jobs\n[1]+  Stopped                 sleep 100\n[2]-  Running                 sleep 200 &\n$ ");
    expect(say("bg\r")).toBe("bg\n[1]+ sleep 100 &\n$ ");
    expect(say("fg %2\r")).toBe("fg %2\nsleep 200\n");
    expect(say("\x03")).toBe("^C\n$ ");
    expect(say("kill %1\r")).toBe("kill %1\n$ ");
    expect(say("\r")).toBe("\n[1]+  Terminated              sleep 100\n$ ");
    expect(say("sleep 0.1 &\r")).toMatch(/\[1\] \d+/);
    expect(say("false\r")).toBe("false\n[1]+  Done                    sleep 0.1\n$ ");
    expect(say("(exit 3) &\r")).toMatch(/\[1\] \d+/);
    expect(say("\r")).toBe("\n[1]+  Exit 3                  ( exit 3 )\n$ ");
    say("sleep 100\r");
    say("\x1a");
    expect(say("exit\r")).toBe("exit\nlogout\nThere are stopped jobs.\n$ ");
    expect(say("exit\r")).toBe("exit\nlogout\n");
    expect(t.shell.status).not.toBeNull();
  });
  it("^Z ends the loop that the stopped command stands in, not the list", () => {
    const t = rig().login();
    t.type("for i in 1 2 3; do sleep 5; done; echo after\r");
    const out = t.type("\x1a");
    expect(out).toContain("[1]+  Stopped                 sleep 5\r\nafter\r\n");
    expect(t.type("jobs | cat\r")).toContain("[1]+  Stopped                 sleep 5");
  });
  it("tells of a terminated job that fg was asked for, and of one killed before another command", () => {
    const t = rig().login();
    t.type("sleep 5\r");
    t.type("\x1a");
    t.type("kill %1\r");
    expect(t.type("fg\r")).toMatch(/fg: job has terminated\r\n\[1\]\+  Terminated +sleep 5/);
    t.type("sleep 50 &\r");
    expect(t.type("kill %1; sleep 0.1\r")).toContain("[1]+  Terminated              sleep 50");
  });
  it("names itself without its directory, and dash leaves without a word", () => {
    const t = rig().login();
    t.type("/bin/bash\r");
    expect(t.type("nosuchcommand\r")).toContain("\x1b[?2004l\rbash: nosuchcommand: command not found");
    t.type("sh\r");
    expect(t.type("exit\r")).not.toContain("exit\r\nexit");
  });
  it("says of a tool in /usr/sbin that sudo finds it", () => {
    const admin = testCommand(
      "admin",
      function* () {
        return 0;
      },
      "/usr/sbin/admin",
    );
    const t = makeRig({ commands: [...commands, admin], users: ["network"] }).login("network");
    expect(t.type("admin\r")).toContain("-bash: admin: command not found\r\nhop: admin is for root: `sudo admin'");
  });
  it("says errors without a line number", () => {
    const t = rig().login();
    expect(t.type("nosuch\r")).toContain("-bash: nosuch: command not found");
    expect(t.type("fi\r")).toContain("-bash: syntax error near unexpected token `fi'");
    expect(t.type("echo ${x?}; echo no\r")).toContain("-bash: x: parameter not set");
    expect(t.type('set -u; echo $zz; echo n""o; set +u\r')).not.toContain("\nno");
    expect(t.type("echo $?\r")).toContain("\r1\r\n");
  });
  it("aliases work, also ones made the line before", () => {
    const t = rig().login();
    t.type("alias hi='echo hello'\r");
    expect(t.type("hi you\r")).toContain("hello you");
  });
});

describe("the step loop of hop run", () => {
  it("answers every command like the recorder", () => {
    const r = rig();
    const steps = [
      "x=5; nosuch",
      "echo $? $x",
      "f() { echo in f; }",
      "f >&2; cd /tmp",
      "pwd; (exit 7)",
      "echo $?; fi",
      "exit 3",
      "echo never",
    ];
    const setup = `mkdir_() { :; }; cd /root\n${steps.map((s, i) => `printf '%s' '${s.replaceAll("'", "'\\''")}' > /tmp/cmd.${i}`).join("\n")}`;
    r.run(setup);
    const script = `${setup}\n{ printf '0\\n1\\n2\\n3\\n4\\n5\\n6\\n7\\n'; } > /tmp/numbers; exec 9</tmp/numbers 8>/tmp/answers\n${stepLoop("/tmp")}`;
    r.run(["bash", "--norc", "-c", script, "bash"]);
    const file = (n: string): string => r.run(`x=$(</tmp/${n}; echo .); y=$(< /tmp/${n}); echo "$y"`).stdout;
    expect(file("answers")).toBe("ready\n0 127\n1 0\n2 0\n3 0\n4 7\n5 2\n");
    expect(file("out.1")).toBe("127 5\n");
    expect(file("err.0")).toMatch(/^bash: line \d+: nosuch: command not found\n$/);
    expect(file("err.3")).toBe("in f\n");
    expect(file("out.4")).toBe("/tmp\n");
    expect(file("err.5")).toMatch(/syntax error near unexpected token `fi'/);
  });
});
