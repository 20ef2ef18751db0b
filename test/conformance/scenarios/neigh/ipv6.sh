# title: IPv6 neighbours: link-local ping, solicitations, entries by hand
# tags: neigh ipv6
# pace: 0.2
ip netns add a; ip netns add b
ip link add e0 netns a address 02:00:00:00:00:0a type veth peer name e0 netns b address 02:00:00:00:00:0b
ip -n a link set e0 up; ip -n b link set e0 up
sleep 2.5
ip -n a -6 addr
ip -n a -6 neigh # cmp: drop /router/
ip netns exec a ping -6 -c 1 -W 1 fe80::ff:fe00:b%e0
ip -n a -6 neigh
ip -n b -6 neigh
ip netns exec a ping -6 -c 1 -W 1 fe80::ff:fe00:b
ip netns exec a ping -c 1 -W 1 -I e0 fe80::ff:fe00:b
ip -n a addr add 2001:db8::1/64 dev e0
ip -n a -6 addr show e0
ip -n b addr add 2001:db8::2/64 dev e0 nodad
ip -n b -6 addr show e0
sleep 2
ip netns exec a ping -c 2 -i 0.3 2001:db8::2
ip -n a -6 neigh # cmp: sort
ip -n b -6 neigh # cmp: sort mask /DELAY|REACHABLE|PROBE|STALE/
ip netns exec a ping -c 1 -W 1 2001:db8::77
ip netns exec a ping -c 1 -W 4 2001:db8::78
sleep 1; ip -n a -6 neigh show nud failed # cmp: sort
ip -n a -6 neigh add 2001:db8::5 lladdr 02:00:00:00:00:05 dev e0
ip -n a -6 neigh show 2001:db8::5
ip -n a neigh show 2001:db8::5
ip -n a neigh add fe80::9 lladdr 02:00:00:00:00:09 dev e0 nud reachable
ip -n a neigh show fe80::9
ip -n a -4 neigh
ip -n a -6 neigh del 2001:db8::5 dev e0
ip -n a -6 neigh del 2001:db8::5 dev e0
ip -n a -6 neigh flush dev e0
ip -n a -6 neigh
ip -n a -6 route # cmp: sort
ip netns exec a ping -6 -c 1 -W 1 2001:db9::1
ip netns exec a ping -6 -c 1 -W 1 ::1
ip -n a link set lo up
ip netns exec a ping -6 -c 1 -W 1 ::1
ip netns exec a ping -6 -c 1 -W 1 2001:db8::1
ip netns exec a ping -4 -c 1 -W 1 2001:db8::1
ip netns exec a ping -6 -c 1 -W 1 10.0.0.1
