# title: the neighbour gets another MAC: stale, gratuitous, unsolicited
# tags: neigh arp
ip netns add a; ip netns add b
ip link add e0 netns a address 02:00:00:00:00:0a type veth peer name e0 netns b address 02:00:00:00:00:0b
ip -n a addr add 10.0.0.1/24 dev e0; ip -n b addr add 10.0.0.2/24 dev e0
ip -n a link set e0 up; ip -n b link set e0 up
ip netns exec a ping -q -c 1 10.0.0.2
ip -n b link set e0 address 02:00:00:00:00:bb
ip -n a neigh
ip -n b neigh
ip -n b link show e0
ip netns exec b ping -c 1 -W 1 10.0.0.1
ip -n a neigh
ip -n b neigh
ip netns exec a ping -c 1 -W 1 10.0.0.2
ip netns exec b arping -U -c 1 -I e0 10.0.0.2
ip -n a neigh
sleep 1.2
ip netns exec b arping -A -c 1 -I e0 10.0.0.2
ip -n a neigh
ip -n b addr add 10.0.0.3/24 dev e0
ip netns exec a ping -c 1 -W 1 10.0.0.3
ip -n a neigh # cmp: sort
ip -n a link set e0 down
ip -n a neigh
ip -n a link set e0 up
ip -n a neigh
ip netns exec a ping -q -c 1 -W 1 10.0.0.3
ip -n a neigh add 10.0.0.40 lladdr 02:00:00:00:00:40 dev e0
ip -n b link set e0 down
ip -n a neigh # cmp: sort
ip -n b link set e0 up
ip -n a neigh # cmp: sort
ip -n a link set e0 down
ip -n a neigh # cmp: sort
ip -n a addr del 10.0.0.1/24 dev e0
ip -n a neigh
