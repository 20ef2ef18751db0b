# title: Links made in every way: by halves, renamed, moved, with indexes and addresses of one's own
# tags: link veth netns
ip link add type veth; ip -br link | awk '{print $1}'
ip link add dev left index 100 address 02:00:00:00:01:00 mtu 1300 txqueuelen 50 type veth peer name right index 200 address 02:00:00:00:02:00 mtu 1200
ip link show left; ip link show right
ip link add index 100 type veth
ip link add a1 type veth peer b1; ip link add name a2 up type veth peer name b2 up; ip -br link | grep '^[ab]' # cmp: mask /<.*>/
ip link add a3 down type veth; ip link add a4 mtu 9000 type bridge; ip link show a4
ip link add link left name sub type bridge
ip link add a5 group 7 alias "x y" type veth; ip link show group 7
ip link add a6 type bridge; ip link set a6 alias "a bridge with a very long alias, longer than anybody would write it by hand"; ip link show a6
ip link add a7 numtxqueues 0 type veth
ip link add a8 type veth numtxqueues 2
ip link add a9 arp off multicast off type veth; ip link show a9
ip link add b9 master a4 type veth peer name b8 master a6; bridge link | awk '{print $2, $(NF-6), $(NF-5)}'
ip netns add n1; ip netns add n2
ip link add c0 netns n1 type veth peer name c0 netns n2; ip -n n1 link show c0; ip -n n2 link show c0
ip link add c1 type veth peer name c1 netns n1; ip link show c1; ip -n n1 link show c1
ip -n n1 link add c2 type veth peer name c2 netns n2; ip -n n1 -br link | awk '{print $1}'; ip -n n2 -br link | awk '{print $1}'
ip -n n1 link set c2 netns n2; ip -n n1 link set c2 netns n2 name c9; ip -n n2 -o link | awk '{print $1, $2}'
ip link set left netns n1 name new mtu 1111 up; ip -n n1 link show new
ip link set a1 netns n1 up address 02:00:00:00:00:aa name zz alias moved; ip -n n1 link show zz
ip link set b1 name b1; ip link set b1 name a2; ip link set b1 up name b1x; ip link set b1x name b1y; ip link show b1y
ip link set dev veth0 down; ip link set dev veth0 address 02:00:00:00:00:55 mtu 1400 txqueuelen 10 alias one up; ip link show veth0
ip link set veth0 alias ""; ip link show veth0; ip link set veth0 txqueuelen -1; ip link set veth0 txqueuelen x; ip link set veth0 txqlen 11; ip link set veth0 qlen 12; ip link show veth0
ip link set veth1 addr 02:00:00:00:00:56; ip link set veth1 lladdr 02:00:00:00:00:57; ip link set veth1 broadcast ff:ff:ff:ff:ff:fe; ip link show veth1; ip link set veth1 brd ff:ff:ff:ff:ff:ff
ip link set veth1 dynamic on; ip link show veth1; ip link set veth1 dynamic off; ip link set veth1 trailers off; ip link show veth1
ip link set veth1 mode dormant; ip link set veth1 up; sleep 0.3; ip link show veth1; ip link set veth1 state UP; ip link show veth1; ip link set veth1 mode default state foo
ip link set lo mtu 1500; ip link show lo; ip link set lo address 02:00:00:00:00:01; ip link set lo name loop; ip link set lo netns n1; ip link del lo
ip link set lo up; ip -d link show lo; ip link set lo down; ip addr show lo
ip -br link show type veth up | awk '{print $1,$2}'; ip -br link show nomaster type bridge | awk '{print $1}'; ip link show vf 0
ip -d -j link show veth0 | jq -c '.[0] | [.ifname, .link, .mtu, .linkinfo.info_kind, .num_tx_queues]'
ip -s -s link show a9 | tail -6 | head -1
ip link del veth1; ip link show veth0; ip link del group 7; ip link show group 7; ip link del a4; ip link del a6
for d in $(ip -o link show type veth | awk -F'[:@ ]+' '{print $2}'); do ip link del $d 2>/dev/null; done; ip -br link
ip netns del n1; sleep 0.3; ip -n n2 -br link
