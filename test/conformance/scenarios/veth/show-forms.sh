# title: show variants of veth pairs
# tags: veth link
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
ip link set v0 up
ip -o link show v0
ip -j link show v0 # cmp: json
ip -j -p link show v1
ip -d -j link show v0 # cmp: json
ip -br -j link # cmp: json
ip -4 link show v0
ip -6 addr show v0
ip link show up
ip link show type veth
ip link show type bridge
ip link show type bogus
ip link show master v0
ip link show nomaster
ip link ls v1
ip link list v1
ip link l v1
ip l sh v1
ip l s v1
ip link show dev v0 dev v1
ip link show v0 v1
ip link show dev
ip link shwo
ip lnik
ip -z link
ip -4 -o addr
ip -c=never link show v0
ip -0 link show lo
ip -details -oneline link show dev lo
ip -V
ip link show vf 1
