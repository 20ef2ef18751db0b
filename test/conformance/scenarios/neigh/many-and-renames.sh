# title: many neighbours and what a host keeps of them
# tags: neigh
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1
ip link set v0 up; ip link set v1 up; ip addr add 10.0.0.1/16 dev v0
for i in $(seq 1 20); do ip neigh add 10.0.1.$i lladdr 02:00:00:00:01:$(printf %02x $i) dev v0 nud reachable; done
ip neigh | wc -l
ip neigh show nud reachable | wc -l
ip neigh show to 10.0.1.0/29 | wc -l
arp -n | wc -l
arp -n | tail -1 | cut -c1-8 # cmp: ignore-stdout
ip -s neigh flush nud reachable
ip neigh | wc -l
for i in 1 2 3; do ip neigh replace 10.0.2.$i lladdr 02:00:00:00:02:0$i dev v0; done
ip neigh flush nud permanent
ip -br link show v0
ip link set v0 address 02:00:00:00:00:99
ip neigh # cmp: sort
ip neigh add 10.0.3.1 lladdr 02:00:00:00:03:01 dev v0
ip neigh add 10.0.3.2 lladdr 02:00:00:00:03:02 dev v0 nud stale
ip link set v0 address 02:00:00:00:00:98
ip neigh # cmp: sort
ip neigh add 10.0.3.1 lladdr 02:00:00:00:03:01 dev v0
ip link set v1 down
sleep 1.2
ip neigh # cmp: sort
ip neigh add 10.0.3.2 lladdr 02:00:00:00:03:02 dev v0 nud stale
ip neigh # cmp: sort
ip link set v0 down
ip neigh # cmp: sort
ip neigh add 10.0.3.5 lladdr 02:00:00:00:03:05 dev v0
ip neigh
ip link set v0 up
ip neigh
ip link set v0 name w0
ip neigh
ip netns add x
ip link set w0 netns x
ip neigh
ip -n x neigh
