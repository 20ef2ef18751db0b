# title: timers of an entry through sysctl: stale soon, probes, gc
# tags: neigh sysctl
ip netns add a; ip netns add b
ip link add e0 netns a address 02:00:00:00:00:0a type veth peer name e0 netns b address 02:00:00:00:00:0b
ip -n a addr add 10.0.0.1/24 dev e0; ip -n b addr add 10.0.0.2/24 dev e0
ip -n a link set e0 up; ip -n b link set e0 up
ip netns exec a ls /proc/sys/net/ipv4/neigh
ip netns exec a ls /proc/sys/net/ipv4/neigh/e0
ip netns exec a sysctl -w net.ipv4.neigh.e0.base_reachable_time=1
ip netns exec a sysctl net.ipv4.neigh.e0.base_reachable_time_ms net.ipv4.neigh.e0.base_reachable_time
ip netns exec a sysctl -w net.ipv4.neigh.e0.delay_first_probe_time=1
ip netns exec a sysctl -w net.ipv4.neigh.e0.retrans_time_ms=200
ip netns exec a sysctl net.ipv4.neigh.e0.retrans_time
ip netns exec a sysctl -w net.ipv4.neigh.e0.ucast_solicit=2
ip netns exec a sysctl net.ipv4.neigh.e0
ip -n a neigh add 10.0.0.2 lladdr 02:00:00:00:00:0b dev e0 nud reachable
ip -n a neigh
sleep 4
ip -n a neigh # cmp: mask /STALE|REACHABLE|DELAY|PROBE/
ip netns exec a ping -q -c 1 10.0.0.2
ip -n a neigh
sleep 3
ip -n a neigh # cmp: mask /STALE|REACHABLE|DELAY/
ip -n b link set e0 down
ip -n b link set e0 up
ip -n b addr del 10.0.0.2/24 dev e0
ip -n a neigh flush all
ip -n a neigh add 10.0.0.2 lladdr 02:00:00:00:00:0b dev e0 nud stale
ip netns exec a ping -q -c 1 -W 1 10.0.0.2
sleep 4
ip -n a neigh
ip netns exec a sysctl -w net.ipv4.neigh.e0.mcast_solicit=0
ip netns exec a sysctl -w net.ipv4.neigh.e0.nosuch=0
ip netns exec a sysctl -w net.ipv4.neigh.e0.ucast_solicit=-1
ip netns exec a sysctl -w net.ipv4.neigh.default.gc_stale_time=30
ip netns exec a sysctl net.ipv4.neigh.default.gc_stale_time net.ipv4.neigh.e0.gc_stale_time
