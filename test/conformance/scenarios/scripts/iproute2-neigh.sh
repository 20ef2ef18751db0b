# title: In the manner of iproute2's own tests: neighbours
# tags: neigh
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip link set v0 up; ip link set v1 up
ip addr add 192.0.2.10/24 dev v0
for s in permanent reachable stale noarp failed; do ip neigh add 192.0.2.5 lladdr 02:00:00:00:00:05 dev v0 nud $s && ip neigh show 192.0.2.5 nud all && ip neigh del 192.0.2.5 dev v0; done
ip neigh add 192.0.2.6 dev v0
ip neigh add 192.0.2.6 lladdr 02:00:00:00:00:06 dev v0
ip neigh add 192.0.2.6 lladdr 02:00:00:00:00:06 dev v0
ip neigh replace 192.0.2.6 lladdr 02:00:00:00:00:66 dev v0
ip neigh change 192.0.2.6 nud stale dev v0
ip neigh change 192.0.2.7 lladdr 02:00:00:00:00:07 dev v0
ip neigh show dev v0
ip neigh add 192.0.2.8 lladdr 02:00:00:00:00:08 dev nodev
ip neigh add 192.0.2.8 lladdr 02:00:00 dev v0
ip neigh add 192.0.2.8 lladdr zz dev v0
ip neigh add 192.0.2.8 nud foo dev v0
ip neigh add proxy 192.0.2.99 dev v0
ip neigh show proxy
ip neigh get 192.0.2.6 dev v0
ip neigh get 192.0.2.77 dev v0
for i in $(seq 20 29); do ip neigh add 192.0.2.$i lladdr 02:00:00:00:00:$i dev v0; done
ip neigh show nud permanent # cmp: sort
ip -s neigh flush nud permanent
ip neigh show to 192.0.2.0/28 # cmp: sort
ip neigh flush all
ip neigh show nud permanent
ip neigh del 192.0.2.6 dev v0
ip neigh del 192.0.2.6 dev v0
ip neigh flush
ip neigh flush dev nodev
