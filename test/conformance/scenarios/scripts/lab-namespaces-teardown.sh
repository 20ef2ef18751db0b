# title: A script that builds, fails in the middle, cleans up by a trap and builds again
# tags: bash trap netns
cat > lab.sh <<'END'
#!/bin/bash
set -euo pipefail
NS=(alpha beta gamma)
cleanup() {
  for n in "${NS[@]}"; do ip netns del "$n" 2>/dev/null || true; done
  ip link del br-lab 2>/dev/null || true
  echo "cleaned up"
}
case "${1:-}" in
  down) cleanup; exit 0 ;;
  up) ;;
  *) echo "usage: $0 up|down" >&2; exit 2 ;;
esac
trap 'echo "failed in line $LINENO"; cleanup' ERR
ip link add br-lab type bridge
ip link set br-lab up
i=1
for n in "${NS[@]}"; do
  ip netns add "$n"
  ip link add "veth-$n" type veth peer name eth0 netns "$n"
  ip link set "veth-$n" master br-lab up
  ip -n "$n" addr add "10.10.0.$i/24" dev eth0
  ip -n "$n" link set eth0 up
  i=$((i + 1))
done
if [ -n "${BREAK:-}" ]; then ip -n beta route add default via 10.99.0.1; fi
echo "${#NS[@]} namespaces are up"
END
chmod +x lab.sh
./lab.sh
./lab.sh up
ip netns list | sort
ip -br link show type veth | awk '{print $1}' | cut -d@ -f1 | sort
ip netns exec alpha ping -c 1 -W 2 10.10.0.3 | tail -2 | head -1
./lab.sh down
ip netns list
BREAK=1 ./lab.sh up; echo "status $?"
ip netns list
ip link show br-lab
./lab.sh up && ./lab.sh up; echo "status $?"
./lab.sh down
rm lab.sh
