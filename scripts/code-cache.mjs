/**
 * node code-cache.mjs BUNDLE CACHE: runs the command line's bundle over a script of everyday commands, silently, and keeps the bytecode of
 * all functions that this used.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";

const EVERYDAY = `
ip link add br0 type bridge; ip link set br0 up
for i in 1 2; do
  sudo ip netns add n$i
  ip link add v$i type veth peer name e$i
  ip link set e$i netns n$i
  ip link set v$i master br0 up
  ip netns exec n$i ip addr add 10.0.0.$i/24 dev e$i
  ip -n n$i link set e$i up
  ip -n n$i route add default via 10.0.0.9
done
ip netns exec n1 ping -c 2 10.0.0.2
ip addr; ip route; ip neigh; ip -br link | grep veth | head -3; bridge link show
cat /etc/hosts > /tmp/x; sysctl net.ipv4.ip_forward
ip netns delete n1
`;

const [source, cache] = process.argv.slice(2);
const everyday = join(dirname(source), "everyday.sh");
writeFileSync(everyday, EVERYDAY);
const script = new Script(readFileSync(source, "utf8"), { filename: source });
process.stdout.write = () => true;
process.argv = [process.argv[0], source, "run", everyday];
process.on("exit", () => writeFileSync(cache, script.createCachedData()));
script.runInThisContext()({}, createRequire(import.meta.url));
