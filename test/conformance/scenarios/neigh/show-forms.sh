# title: ways to list neighbours
# tags: neigh
ip netns add a; ip netns add b
ip link add e0 netns a address 02:00:00:00:00:0a type veth peer name e0 netns b address 02:00:00:00:00:0b
ip -n a addr add 10.0.0.1/24 dev e0; ip -n b addr add 10.0.0.2/24 dev e0
ip -n a link set e0 up; ip -n b link set e0 up
ip netns exec a ping -q -c 1 10.0.0.2
ip -n a n
ip -n a nei
ip -n a neighbor
ip -n a neighbour show
ip -n a neigh list
ip -n a neigh ls dev e0
ip -n a neigh sh 10.0.0.2
ip -n a -br neigh
ip -n a -o neigh
ip -n a -s neigh # cmp: mask /used [0-9\/]*/
ip -n a -s -s neigh # cmp: mask /used [0-9\/]*/
ip -n a -s -j neigh # cmp: json mask /"(used|confirmed|updated)":[ 0-9,]*/
ip -n a -j -p neigh
ip -n a -d neigh
ip -n a -4 -j neigh show dev e0 # cmp: json
ip -n a neigh show nud reachable dev e0
ip -n a neigh show dev nope
ip -n a neigh show dev
ip -n a neigh show 10.0.0.2 extra
ip -n a neigh show vrf x
ip -n a neigh show master e0
ip -n a neigh show nomaster
ip netns exec a cat /proc/net/arp
ip netns exec a arp -n
ip netns exec a arp -an
ip netns exec a arp -a 10.0.0.2
ip -n a ntable show dev e0 name arp_cache # cmp: any
ip -n b neigh
sleep 6
ip -n b neigh
ip -n b neigh show nud probe
