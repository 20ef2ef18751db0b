# title: ip neigh get, proxy entries, router flag, protocol
# tags: neigh proxy
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
ip link set v0 up; ip link set v1 up
ip addr add 10.0.0.1/24 dev v0
ip neigh add 10.0.0.5 lladdr 02:00:00:00:00:05 dev v0
ip neigh get 10.0.0.5 dev v0
ip neigh get 10.0.0.6 dev v0
ip neigh get 10.0.0.5
ip neigh get dev v0
ip neigh get 10.0.0.5 dev nope
ip neigh get 10.0.0.5 dev v1
ip neigh add proxy 10.0.0.50 dev v0
ip neigh show proxy # cmp: sort
ip neigh add proxy 10.0.0.50 dev v0
ip neigh show proxy # cmp: sort
ip neigh get proxy 10.0.0.50 dev v0
ip neigh show
ip neigh del proxy 10.0.0.50 dev v0
ip neigh del proxy 10.0.0.50 dev v0
ip neigh show proxy # cmp: sort
ip neigh add 10.0.0.7 lladdr 02:00:00:00:00:07 dev v0 router
ip neigh show 10.0.0.7
ip neigh add 10.0.0.8 lladdr 02:00:00:00:00:08 dev v0 protocol static
ip neigh show 10.0.0.8
ip neigh show protocol static
ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev v0 extern_learn
ip neigh show 10.0.0.9
ip neigh add 10.0.0.10 lladdr 02:00:00:00:00:10 dev v0 use
ip neigh show 10.0.0.10
ip -6 neigh add fe80::5 lladdr 02:00:00:00:00:05 dev v0 router
ip -6 neigh
ip -6 neigh get fe80::5 dev v0
ip neigh show to 10.0.0.0/29 # cmp: sort
ip neigh show 10.0.0.8/30 dev v0 # cmp: sort
ip neigh show unused # cmp: sort
ip neigh get 10.0.0.300 dev v0
ip neigh add 10.0.0.300 lladdr 02:00:00:00:00:10 dev v0
ip neigh add 10.0.0.0/24 lladdr 02:00:00:00:00:10 dev v0
ip neigh add 224.0.0.5 lladdr 02:00:00:00:00:10 dev v0
ip neigh add 192.168.7.7 lladdr 02:00:00:00:00:10 dev v0
ip neigh # cmp: sort
ip neigh add 10.0.0.60 lladdr 02:00:00:00:00:10 dev v0 bogus
ip neigh bogus
ip neigh add
ip neigh help 2>&1 | head -1
