# title: arping: duplicates, gratuitous, quiet, broadcast only, deadlines, mistakes
# tags: neigh arp arping
ip netns add a; ip netns add b
ip link add e0 netns a address 02:00:00:00:00:0a type veth peer name e0 netns b address 02:00:00:00:00:0b
ip -n a addr add 10.0.0.1/24 dev e0; ip -n b addr add 10.0.0.2/24 dev e0
ip -n a link set e0 up; ip -n b link set e0 up
ip netns exec a arping -c 1 -I e0 10.0.0.2
ip netns exec a arping -q -c 1 -I e0 10.0.0.2
ip netns exec a arping -b -c 2 -I e0 10.0.0.2
ip netns exec a arping -f -c 3 -I e0 10.0.0.2
ip netns exec a arping -f -w 2 -I e0 10.0.0.9
ip netns exec a arping -D -c 1 -I e0 10.0.0.2
ip netns exec a arping -D -c 2 -I e0 10.0.0.9
ip netns exec a arping -D -q -c 1 -I e0 10.0.0.2
ip netns exec a arping -c 1 -s 10.0.0.99 -I e0 10.0.0.2
ip netns exec a arping -c 1 10.0.0.2
ip netns exec a arping -c 1 -I lo 10.0.0.2
ip netns exec a arping 2>&1 | head -2
ip netns exec a arping -c 0 -I e0 10.0.0.2
ip netns exec a arping -c x -I e0 10.0.0.2
ip netns exec a arping -Z 2>&1 | head -1
ip netns exec a arping -c 1 -I e0 nosuchhost
ip netns exec a arping -A -c 1 -I e0 10.0.0.1
ip -n b neigh
ip netns exec a arping -U -c 1 -I e0 10.0.0.7
ip -n b neigh # cmp: sort
ip -n a link set e0 down
ip netns exec a arping -c 1 -I e0 10.0.0.2
ip netns exec a arping -V
