# title: flush by device, address, state, and its output
# tags: neigh
ip link add v0 type veth peer name v1; ip link add w0 type veth peer name w1
for d in v0 v1 w0 w1; do ip link set $d up; done
ip addr add 10.0.0.1/24 dev v0; ip addr add 10.1.0.1/24 dev w0
for i in 2 3 4 5; do ip neigh add 10.0.0.$i lladdr 02:00:00:00:00:0$i dev v0 nud stale; ip neigh add 10.1.0.$i lladdr 02:00:00:00:00:0$i dev w0 nud reachable; done
ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev v0
ip neigh flush 10.0.0.2
ip neigh # cmp: sort
ip -s neigh flush 10.0.0.3
ip -s -s neigh flush 10.0.0.4 # cmp: mask /used [0-9\/]*/
ip neigh flush dev v0 nud stale
ip neigh # cmp: sort
ip neigh flush nud reachable
ip neigh # cmp: sort
ip neigh flush dev v0
ip neigh # cmp: sort
ip neigh flush all
ip neigh flush 10.0.0.9
ip neigh # cmp: sort
ip -s neigh flush 10.0.0.9
ip neigh flush nud permanent
ip neigh # cmp: sort
ip neigh flush dev nope
ip neigh flush to 10.0.0.0/8
ip neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev v0 nud noarp
ip neigh flush dev v0 nud noarp
ip neigh show nud noarp # cmp: drop /^(ff|224)/ sort
ip neigh flush all extra
ip -6 neigh flush all
ip -4 neigh flush dev w0
ip neigh flush proxy
ip link set v0 down
ip neigh # cmp: sort
