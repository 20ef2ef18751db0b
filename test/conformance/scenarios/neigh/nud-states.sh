# title: every state by hand: add, change, replace with nud
# tags: neigh
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
ip link set v0 up; ip link set v1 up
ip addr add 10.0.0.1/24 dev v0
ip neigh add 10.0.0.11 lladdr 02:00:00:00:00:11 dev v0 nud permanent
ip neigh add 10.0.0.12 lladdr 02:00:00:00:00:12 dev v0 nud reachable
ip neigh add 10.0.0.13 lladdr 02:00:00:00:00:13 dev v0 nud stale
ip neigh add 10.0.0.14 lladdr 02:00:00:00:00:14 dev v0 nud noarp
ip neigh add 10.0.0.15 lladdr 02:00:00:00:00:15 dev v0 nud none
ip neigh add 10.0.0.16 lladdr 02:00:00:00:00:16 dev v0 nud failed
ip neigh add 10.0.0.17 lladdr 02:00:00:00:00:17 dev v0 nud incomplete
ip neigh add 10.0.0.18 lladdr 02:00:00:00:00:18 dev v0 nud delay
ip neigh add 10.0.0.19 lladdr 02:00:00:00:00:19 dev v0 nud probe
ip neigh add 10.0.0.20 lladdr 02:00:00:00:00:20 dev v0 nud bogus
ip neigh add 10.0.0.21 dev v0 nud reachable
ip neigh add 10.0.0.22 dev v0 nud failed
ip neigh add 10.0.0.23 lladdr 02:00:00:00:00:23 dev v0 nud 0x40
ip neigh # cmp: sort
ip neigh show nud all # cmp: sort drop /^ff/
ip neigh show nud permanent
ip neigh show nud noarp # cmp: sort drop /^ff/
ip neigh show nud none # cmp: sort
ip neigh show nud stale nud reachable # cmp: sort
ip neigh show nud bogus
ip neigh change 10.0.0.11 lladdr 02:00:00:00:00:aa dev v0
ip neigh show 10.0.0.11
ip neigh change 10.0.0.11 lladdr 02:00:00:00:00:ab dev v0 nud reachable
ip neigh show 10.0.0.11
ip neigh replace 10.0.0.12 dev v0 nud permanent
ip neigh show 10.0.0.12
ip neigh replace 10.0.0.30 lladdr 02:00:00:00:00:30 dev v0
ip neigh show 10.0.0.30
ip neigh chg 10.0.0.30 lladdr 02:00:00:00:00:31 dev v0 nud stale
ip neigh show 10.0.0.30
ip neigh del 10.0.0.11 dev v0
ip neigh del 10.0.0.14 dev v0
ip neigh del 10.0.0.30 lladdr 02:00:00:00:00:31 dev v0
sleep 1
ip neigh # cmp: sort
ip neigh del 10.0.0.11 dev v0
ip neigh add 10.0.0.12 lladdr 02:00:00:00:00:77 dev v0
ip neigh flush dev v0
ip neigh # cmp: sort
ip neigh flush dev v0 nud permanent
ip neigh # cmp: sort
