# title: Questions to ip -j answered by jq
# tags: json jq
ip link add v0 address 02:00:00:00:00:10 type veth peer name v1 address 02:00:00:00:00:11
ip link add br0 address 02:00:00:00:00:12 type bridge
ip link set v1 master br0
for d in lo v0 v1 br0; do ip link set $d up; done
ip addr add 192.0.2.1/24 dev v0; ip addr add 198.51.100.1/28 dev br0; ip addr add 198.51.100.2/28 dev br0
ip -6 addr add 2001:db8::1/64 dev v0 nodad
ip route add default via 192.0.2.254 metric 10; ip route add 10.0.0.0/8 nexthop via 192.0.2.3 weight 2 nexthop via 198.51.100.5
ip rule add from 198.51.100.0/28 lookup 77 pref 1000
sleep 1.2
ip -j link | jq -r '.[].ifname' # cmp: sort
ip -j link | jq -r '.[] | select(.operstate == "UP") | .ifname' # cmp: sort
ip -j -d link show br0 | jq -r '.[0].linkinfo.info_kind'
ip -j -d link show br0 | jq '.[0].linkinfo.info_data | {stp_state, ageing_time, priority, vlan_filtering}'
ip -j link show master br0 | jq -c '[.[] | {ifname, master, mtu}]'
ip -j addr show v0 | jq -r '.[].addr_info[] | select(.family == "inet") | "\(.local)/\(.prefixlen)"'
ip -j -4 addr | jq -r '.[] | .ifname as $i | .addr_info[]? | [$i, .local, .prefixlen, .scope] | @tsv'
ip -j addr | jq '[.[].addr_info[]? | select(.family=="inet6" and .scope=="global")] | length'
ip -j -br addr show br0 | jq -c .
ip -j route | jq -c '.[] | {dst, gateway, dev, metric}'
ip -j route show default | jq -r '.[0].gateway'
ip -j route | jq -r '.[] | select(.nexthops) | .nexthops[] | "\(.gateway) weight \(.weight)"'
ip -j route show table local | jq -r '.[] | select(.type=="broadcast") | .dst' # cmp: sort
ip -j route get 8.8.8.8 | jq -r '.[0] | .prefsrc, .dev, .gateway'
ip -j rule | jq -c '.[] | [.priority, .src, .table]'
ip -j neigh | jq length
ip -j -p addr show lo
ip -j -p route show 198.51.100.0/28
ip -j link show nope | jq .
ip -j addr show dev v0 to 192.0.2.0/24 | jq -r '.[0].addr_info | length'
bridge -j link | jq -r '.[] | [.ifname, .master, .state] | @csv'
bridge -j fdb show br br0 | jq -r '.[] | select(.state=="permanent" and .master) | .mac' # cmp: sort uniq
ip -j -s link show lo | jq '.[0].stats64.rx.errors, (.[0].stats64 | keys)'
ip -j -d addr show v0 | jq -r '.[0] | "\(.min_mtu)-\(.max_mtu) \(.linkinfo.info_kind) \(.inet6_addr_gen_mode)"'
ip -j monitor foo; echo $?
ip -j netns | jq .
ip netns add n1; ip netns set n1 5; ip -j netns | jq -c '.[]'
ip -j -n n1 link | jq -r '.[0].flags | join(",")'
ip -j maddr show dev v0 | jq -r '.[0].maddr[] | .family // "link"' # cmp: sort uniq
ip -j -6 route show dev v0 | jq -r '.[].dst' # cmp: sort
ip -j tuntap | jq -c .
ip -j netconf show dev v0 | jq -c '.[0] | {interface, forwarding, rp_filter}'
DEVS=$(ip -j link | jq -r '[.[] | select(.link_type=="ether") | .ifname] | sort | join(" ")'); for d in $DEVS; do echo "$d: $(ip -j link show $d | jq -r '.[0].address')"; done
ip -j route | jq 'map(.dev // (.nexthops | map(.dev))) | flatten | group_by(.) | map({key: .[0], value: length}) | from_entries'
