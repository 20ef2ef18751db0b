/** `hop run` as a person calls it: every sentence of its contract, through the built file. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { builtHop, type Hop } from "../test/support/built-hop.ts";

vi.setConfig({ testTimeout: 30_000 });
let h: Hop;
beforeAll(async () => {
  h = await builtHop();
}, 60_000);
afterAll(() => rmSync(h.dir, { recursive: true }));

describe("hop run --json", () => {
  it("prints one array with cmd, stdout, stderr and code of each command in order", () => {
    const r = h.hop("run", "--json", h.write("a.sh", "echo a\nls /nope\n(exit 7)\n"));
    expect(r).toMatchObject({ code: 0, stderr: "" });
    const list = JSON.parse(r.stdout) as Record<string, unknown>[];
    expect(list.map((s) => Object.keys(s))).toEqual([1, 2, 3].map(() => ["cmd", "stdout", "stderr", "code"]));
    expect(list).toEqual([
      { cmd: "echo a", stdout: "a\n", stderr: "", code: 0 },
      { cmd: "ls /nope", stdout: "", stderr: "ls: cannot access '/nope': No such file or directory\n", code: 2 },
      { cmd: "(exit 7)", stdout: "", stderr: "", code: 7 },
    ]);
  });

  it("gives an empty array for a script without a command", () => {
    expect(h.run("")).toEqual([]);
    expect(h.run("# title: nothing\n\n  # more\n")).toEqual([]);
  });

  it("leaves the comparing directive out of cmd, and nothing else", () => {
    const cmds = h
      .run(
        "echo a   # cmp: sort\necho 'b # c'  # a comment\nfor i in 1; do # cmp: json\necho $i\ndone\ncat <<E # cmp: any\n# cmp: kept\nE\n",
      )
      .map((s) => s.cmd);
    expect(cmds).toEqual(["echo a", "echo 'b # c'  # a comment", "for i in 1; do\necho $i\ndone", "cat <<E\n# cmp: kept\nE"]);
  });

  it("ends a command where bash would no longer ask for more", () => {
    const script = [
      "cat <<A <<'B'",
      "first",
      "A",
      "second $x",
      "B",
      "echo one \\",
      "  two",
      'echo "open',
      'quote"',
      "if true",
      "then echo yes",
      "fi",
      "f() {",
      "  # a comment within",
      "",
      "  echo f $1",
      "}",
      "f 1 && ",
      "f 2 |",
      "cat",
      "x=$(",
      "echo sub",
      ")",
      "echo $x",
    ].join("\n");
    expect(h.run(script).map((s) => [s.cmd.split("\n").length, s.stdout])).toEqual([
      [5, "second $x\n"],
      [2, "one two\n"],
      [2, "open\nquote\n"],
      [3, "yes\n"],
      [5, ""],
      [3, "f 1\nf 2\n"],
      [3, ""],
      [1, "sub\n"],
    ]);
  });

  it("makes a line with a syntax error a command of its own, with bash's message, and goes on", () => {
    const r = h.run("echo a\necho )\nfi\necho b; done\necho c\n");
    expect(r.map((s) => [s.cmd, s.stdout, s.code])).toEqual([
      ["echo a", "a\n", 0],
      ["echo )", "", 2],
      ["fi", "", 2],
      ["echo b; done", "", 2],
      ["echo c", "c\n", 0],
    ]);
    expect(r[1]!.stderr).toMatch(/^bash: eval: line \d+: syntax error near unexpected token `\)'\nbash: eval: line \d+: `echo \)'\n$/);
  });

  it("runs what is unfinished at the end as it is", () => {
    const r = h.run("echo a\necho 'b\n");
    expect(r).toHaveLength(2);
    expect(r[1]!.stderr).toContain("unexpected EOF while looking for matching `''");
  });

  it("keeps variables, functions, $?, $! and the working directory", () => {
    const r = h.run('x=1; f() { echo "f$1"; }\ncd /tmp\n(exit 3)\necho "$? $x $PWD"\nf 2\nsleep 9 &\n[ -d /proc/$! ] && echo there\n');
    expect(r.map((s) => s.stdout)).toEqual(["", "", "", "3 1 /tmp\n", "f2\n", "", "there\n"]);
  });

  it("gives every command an empty standard input and pipes for output", () => {
    const r = h.run(
      "cat\nread x; echo $?\n[ -t 0 ] || [ -t 1 ] || [ -t 2 ] || echo none\nreadlink /proc/self/fd/1\nls -l /proc/self/fd | wc -l\n",
    );
    expect(r.map((s) => s.stdout).slice(0, 3)).toEqual(["", "1\n", "none\n"]);
    expect(r[3]!.stdout).toMatch(/^pipe:\[\d+\]\n$/);
  });

  it("says nothing about jobs", () => {
    const r = h.run("sleep 0.05 &\nsleep 1\necho done\njobs\n");
    expect(r.map((s) => s.stdout + s.stderr)).toEqual(["", "", "done\n", ""]);
  });

  it("drops what a background job writes after its command has ended", () => {
    const r = h.run("(sleep 2; echo late; echo late >&2) &\n(echo early) & wait $!\nsleep 4\necho end\n");
    expect(r.map((s) => s.stdout + s.stderr)).toEqual(["", "early\n", "", "end\n"]);
  });

  it("ends at exit: the command is there, later ones are not", () => {
    expect(h.run("echo a\nexit 5\necho b\n").map((s) => [s.cmd, s.code])).toEqual([
      ["echo a", 0],
      ["exit 5", 5],
    ]);
    expect(h.run("(exit 4)\ntrap 'echo bye' EXIT\n( exit 2 )\nexit\necho b\n").map((s) => [s.stdout, s.code])).toEqual([
      ["", 4],
      ["", 0],
      ["", 2],
      ["bye\n", 2],
    ]);
    expect(h.run("set -e\nfalse\necho b\n").map((s) => s.code)).toEqual([0, 1]);
    expect(h.run("kill -9 $$\necho b\n").map((s) => s.code)).toEqual([137]);
  });

  it("goes on after a break or continue that belongs to no loop", () => {
    expect(h.run("break\ncontinue\necho b\n").map((s) => [s.stdout, s.code])).toEqual([
      ["", 0],
      ["", 0],
      ["b\n", 0],
    ]);
  });

  it("reads scripts with carriage returns, with a last line without newline, and long ones", () => {
    expect(h.run("echo a\r\ncat <<E\r\nx\r\nE\r\necho b").map((s) => s.stdout)).toEqual(["a\n", "x\n", "b\n"]);
    const many = h.run(Array.from({ length: 1500 }, (_, i) => `x=${i} # ${"long ".repeat(20)}`).join("\n"));
    expect(many).toHaveLength(1500);
    const long = "a".repeat(100_000);
    expect(h.run(`echo ${long}\n`)[0]!.stdout).toBe(`${long}\n`);
  });

  it("starts the clock at 2026, pauses 0.1 s or what the header says, and sleeps without waiting", () => {
    expect(h.run("date -u +%FT%TZ")[0]!.stdout).toBe("2026-01-01T00:00:00Z\n");
    const began = Date.now();
    const r = h.run("# title: x\n# pace: 1.5\ndate +%s%3N\ndate +%s%3N\nsleep 100\ndate +%s%3N\n# pace: 9\ndate +%s%3N\n");
    expect(Date.now() - began).toBeLessThan(5000);
    const at = r.filter((s) => s.stdout !== "").map((s) => Number(s.stdout));
    const near = (n: number, ms: number): void => expect(Math.abs(n - ms)).toBeLessThan(20);
    near(at[1]! - at[0]!, 1500);
    near(at[2]! - at[1]!, 103_000);
    near(at[3]! - at[2]!, 1500);
    const quick = h.run("# pace: 0.01\ndate +%s%3N\ndate +%s%3N\n").map((s) => Number(s.stdout));
    near(quick[1]! - quick[0]!, 100);
  });

  it("is the plain machine: host lab, root in an empty /root, lo down", () => {
    const r = h.run("hostname; id -un; pwd; ls -A\ncat /etc/hosts /etc/resolv.conf\nip -br link\nsysctl -n net.ipv4.ip_forward\n");
    expect(r.map((s) => s.stdout)).toEqual([
      "lab\nroot\n/root\n",
      "127.0.0.1\tlocalhost\n127.0.1.1\tlab\n",
      "lo               DOWN           00:00:00:00:00:00 <LOOPBACK> \n",
      "0\n",
    ]);
  });
});

describe("a command that does not end", () => {
  const said = "hop: this command had not ended after 3 s";

  it("gets SIGINT after the limit, and the script goes on in the same shell", () => {
    const r = h.run("x=1\nsleep infinity\necho $? $x\nsleep 100 | cat\nyes >/dev/null\necho $x\n", "--limit", "3");
    expect(r.map((s) => [s.stdout, s.stderr, s.code])).toEqual([
      ["", "", 0],
      ["", `${said}: interrupted\n`, 130],
      ["130 1\n", "", 0],
      ["", `${said}: interrupted\n`, 130],
      ["", `${said}: interrupted\n`, 130],
      ["1\n", "", 0],
    ]);
  });

  it("gets SIGKILL 10 s later when it ignores that", () => {
    const r = h.run("date +%s\nsh -c 'trap \"\" INT; sleep 1000; :'\ndate +%s\n", "--limit", "3");
    expect(r[1]!.code).toBe(137);
    expect(r[1]!.stderr).toContain(`${said}, nor 10 s after an interrupt: killed\n`);
    expect(Number(r[2]!.stdout) - Number(r[0]!.stdout)).toBe(13);
  });

  it("is followed by a new shell when it was the shell itself", () => {
    for (const loop of ["while :; do :; done", "while :; do sleep 1; done", "trap '' INT; while :; do sleep 1; done", "sleep 99 & wait"]) {
      const r = h.run(`cd /tmp\n${loop}\npwd\n`, "--limit", "3");
      expect(r[1]!.stderr, loop).toContain(said);
      expect(r[1]!.stderr, loop).toContain("hop: the shell ended with this command; what follows runs in a new one\n");
      expect([r[1]!.code, r[2]!.stdout], loop).toEqual([loop.startsWith("trap") ? 137 : 130, "/root\n"]);
    }
  });

  it("leaves alone what earlier commands started", () => {
    const r = h.run("sleep 500 & echo\ntrap '' INT; sleep infinity\nps -C sleep -o args=\n", "--limit", "3");
    expect(r[1]!.code).toBe(137);
    expect(r[2]!.stdout).toBe("sleep 500\n");
  });

  it("may take 600 simulated seconds by default", () => {
    const r = h.run("sleep 599; echo a\nsleep 601; echo b\n");
    expect(r[0]!.stdout).toBe("a\n");
    expect(r[1]!.stderr).toContain("had not ended after 600 s: interrupted");
  });

  it("has at most 10 MB of output, with a line that says so", () => {
    const line = "many words in a line so that it takes less long, ".repeat(40);
    const r = h.run(
      `yes\nyes é >&2\necho after\nhead -c 10000000 /dev/zero | tr '\\0' x\ncd /tmp; while :; do echo '${line}'; done\npwd\n`,
    );
    expect(r[0]!.stdout.length).toBeLessThan(10_000_100);
    expect(r[0]!.stdout.endsWith("y\nhop: the output was cut at 10000000 bytes\n")).toBe(true);
    expect(r[1]!.stderr.endsWith("\nhop: the output was cut at 10000000 bytes\n")).toBe(true);
    expect(r[1]!.stderr).not.toContain("\uFFFD");
    expect(r[2]!.stdout).toBe("after\n");
    expect(r[3]!.stdout).toBe("x".repeat(10_000_000));
    expect(r[4]!.stdout).toContain("hop: the output was cut at");
    expect(r[5]!.stdout).toBe("/root\n");
  });
});

describe("hop run in a lab", () => {
  it("begins on the first machine, or where --machine says, and follows #@ lines", () => {
    const script =
      "hostname\n#@ network02\nhostname\nx=2\ncat <<E\n#@ router\nE\n  #@router\nhostname; echo $x\n#@ network02\necho $x\n#@ network01\n";
    expect(h.run(script, "--lab", "three-machines").map((s) => s.stdout)).toEqual([
      "network01\n",
      "network02\n",
      "",
      "#@ router\n",
      "router\n\n",
      "2\n",
    ]);
    expect(h.run("hostname\n", "--lab", "three-machines", "--machine", "router")[0]!.stdout).toBe("router\n");
  });

  it("runs as root, or as --user", () => {
    expect(h.run("id -un; pwd\n", "--lab", "three-machines")[0]!.stdout).toBe("root\n/root\n");
    const users = JSON.parse(h.hop("labs", "--json").stdout).find((l: { id: string }) => l.id === "three-machines").machines[0]
      .users as string[];
    const user = users.find((u) => u !== "root")!;
    expect(h.run("id -un; pwd\nsudo id -un\n", "--lab", "three-machines", "--user", user).map((s) => s.stdout)).toEqual([
      `${user}\n/home/${user}\n`,
      "root\n",
    ]);
  });

  it("answers why and lab, and says what a script cannot ask for", () => {
    const r = h.run(
      "why\nping -c1 -W1 10.9.9.9\nwhy\nwhy -s\nlab\nlab goal\nlab hint\nlab check\nlab undo\nlab reset\nlab plug\nlab plug nothing\nlab frob\n",
      "--lab",
      "three-machines",
    );
    const of = (cmd: string): (typeof r)[number] => r.find((s) => s.cmd === cmd)!;
    expect([r[0]!.code, r[0]!.stderr]).toEqual([1, "why: this machine has not sent or lost a packet yet\n"]);
    expect(r[2]).toMatchObject({ code: 0, stderr: "" });
    expect(r[2]!.stdout).toContain("What would have had to differ");
    expect(of("lab").stdout).toContain("  router: root");
    expect([of("lab goal").code, of("lab hint").code, of("lab check").code, of("lab undo").code, of("lab reset").code]).toEqual([
      0, 1, 1, 1, 1,
    ]);
    expect(of("lab undo").stdout).toBe("A script cannot take back what it did. Run it again.\n");
    expect([of("lab plug").code, of("lab plug nothing").code, of("lab frob").code]).toEqual([2, 1, 2]);
  });

  it("moves cables", () => {
    const cable = (JSON.parse(h.hop("labs", "--json").stdout) as { id: string; cables: string[] }[]).find((l) => l.id === "three-machines")!
      .cables[0]!;
    const r = h.run(
      `ip -br link\nlab plug ${cable}\nsleep 3\nip -br link\nlab plug ${cable}\nlab unplug ${cable}\nlab unplug ${cable} again\n`,
      "--lab",
      "three-machines",
      "--machine",
      "router",
    );
    expect(r.map((s) => s.code)).toEqual([0, 0, 0, 0, 1, 0, 2]);
    expect(r[3]!.stdout).not.toBe(r[0]!.stdout);
    expect(r[3]!.stdout).toMatch(/ UP /);
  });

  it("gives the same for the same seed", () => {
    const once = (): unknown =>
      h.run("ping -c3 192.168.100.1\ncat /proc/sys/kernel/random/uuid; echo $RANDOM\n", "--lab", "three-machines", "--seed", "7");
    expect(once()).toEqual(once());
  });
});

describe("hop run without --json", () => {
  it("prints a readable transcript", () => {
    const r = h.hop("run", h.write("t.sh", "printf a\nfor i in 1 2\ndo echo $i\ndone\nls /nope\n"));
    expect(r).toEqual({
      code: 0,
      stderr: "",
      stdout:
        "$ printf a\na\n$ for i in 1 2\n> do echo $i\n> done\n1\n2\n$ ls /nope\nls: cannot access '/nope': No such file or directory\n[exit status 2]\n",
    });
  });
  it("names the machine in a lab", () => {
    expect(h.hop("run", "--lab", "three-machines", h.write("t.sh", "true\n#@ router\nfalse\n")).stdout).toBe(
      "network01$ true\nrouter$ false\n[exit status 1]\n",
    );
  });
  it("ends quietly when its reader does", async () => {
    const script = h.write("t.sh", Array.from({ length: 3000 }, () => "echo 'a line of text that is long enough'").join("\n"));
    const p = spawn(process.execPath, [h.path, "run", script]);
    let err = "";
    p.stderr.on("data", (d) => (err += d));
    p.stdout.once("data", () => p.stdout.destroy());
    await new Promise((r) => p.on("exit", r));
    expect(err).toBe("");
  });
});

describe("files in and out", () => {
  it("copies a host file in and a simulated one out, split at the last colon", () => {
    const from = h.write("with:colon.txt", "text é\n");
    const to = join(h.dir, "out:put.bin");
    const r = h.hop(
      "run",
      "--file",
      `${from}:/srv/deep/in.txt`,
      "--file",
      `${from}:in-home.txt`,
      "--out",
      `/root/o.bin:${to}`.replace("out:put", "output"),
      h.write("t.sh", "cat /srv/deep/in.txt in-home.txt\nprintf '\\377\\000a' > o.bin\n"),
    );
    expect(r).toMatchObject({ code: 0, stderr: "" });
    expect(r.stdout).toContain("text é\ntext é\n");
    expect([...readFileSync(join(h.dir, "output.bin"))]).toEqual([255, 0, 97]);
  });

  it("copies a capture out that is a pcap file", () => {
    const pcap = join(h.dir, "c.pcap");
    h.run(
      "ip link set lo up\ntcpdump -ni lo -w c.pcap -c 2 2>/dev/null & sleep 0.2; ping -c1 127.0.0.1 >/dev/null; wait\n",
      "--out",
      `c.pcap:${pcap}`,
    );
    expect(readFileSync(pcap).readUInt32LE(0)).toBe(0xa1b2c3d4);
  });

  it("writes nothing when one of the files is not there, and replaces none", () => {
    const kept = h.write("kept.txt", "before");
    const r = h.hop(
      "run",
      "--json",
      "--out",
      `/etc/hostname:${kept}`,
      "--out",
      `/nope:${join(h.dir, "new.txt")}`,
      h.write("t.sh", "true\n"),
    );
    expect(r).toEqual({ code: 2, stdout: "", stderr: "hop: there is no file /nope on lab to copy out\n" });
    expect(readFileSync(kept, "utf8")).toBe("before");
    expect(existsSync(join(h.dir, "new.txt"))).toBe(false);
    expect(readdirSync(h.dir).filter((f) => f.endsWith(".part"))).toEqual([]);
  });
});

it("says what is wrong on one line of standard error and nothing on standard output", () => {
  expect(h.hop("run", join(h.dir, "missing"))).toEqual({
    code: 2,
    stdout: "",
    stderr: `hop: cannot read ${join(h.dir, "missing")}: there is no such file or directory\n`,
  });
  expect(h.hop()).toEqual({ code: 2, stdout: "", stderr: "hop: no command was named; see hop --help\n" });
});

it("prints help", () => {
  for (const args of [["--help"], ["-h"], ["help"], ["run", "--help"], ["check", "x", "--help"]])
    expect(h.hop(...args)).toMatchObject({ code: 0, stderr: "" });
});

it("starts quickly", () => {
  const script = h.write("t.sh", "true\n");
  const times = [1, 2, 3, 4, 5].map(() => {
    const t0 = performance.now();
    execFileSync(process.execPath, [h.path, "run", script]);
    return performance.now() - t0;
  });
  expect(Math.min(...times)).toBeLessThan(350);
});
