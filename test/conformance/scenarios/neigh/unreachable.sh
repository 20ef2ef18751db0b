# title: nobody answers: INCOMPLETE, FAILED, Host Unreachable, another try
# tags: neigh ping
ip netns add a; ip netns add b
ip link add e0 netns a address 02:00:00:00:00:0a type veth peer name e0 netns b address 02:00:00:00:00:0b
ip -n a addr add 10.0.0.1/24 dev e0; ip -n b addr add 10.0.0.2/24 dev e0
ip -n a link set lo up
ip -n a link set e0 up; ip -n b link set e0 up
ip netns exec a ping -c 3 10.0.0.9
ip -n a neigh
ip netns exec a ping -c 1 -W 1 10.0.0.9
ip -n a neigh
sleep 3
ip -n a neigh
ip -n b addr add 10.0.0.9/24 dev e0
ip netns exec a ping -c 1 -W 2 10.0.0.9
ip -n a neigh
ip -n b link set e0 arp off
ip -n a neigh flush all
ip netns exec a ping -c 1 -W 4 10.0.0.9
ip netns exec a ping -q -c 3 -i 0.5 10.0.0.9
ip -n a -s neigh show 10.0.0.9 # cmp: mask /used [0-9\/]*/
ip netns exec a cat /proc/net/arp
ip netns exec a arp -n
ip netns exec a arp -an
ip -n b link set e0 arp on
ip netns exec a ping -c 1 -W 2 10.0.0.9
ip netns exec a sysctl -w net.ipv4.neigh.e0.mcast_solicit=1
ip -n a neigh flush all
ip netns exec a ping -c 1 -W 3 10.0.0.77
