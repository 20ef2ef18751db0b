# title: ifconfig with every prefix length, and what becomes of the broadcast address
# tags: ifconfig
for i in 0 1 2 3; do ip link add v$i type veth peer name w$i; done; ip link set v1 up; ip link set w1 up
for p in 32 31 30 25 24 16 9 8 7 1 0 33 x ''; do echo "== /$p"; ifconfig v0 10.1.2.3/$p; ip -4 -o addr show v0 | awk '{$1=""; print}'; done
ip addr flush dev v0
for p in 32 31 30 24 16 8 0; do echo "== /$p"; ifconfig v1 172.20.2.3/$p; ip -4 -o addr show v1 | awk '{$1=""; print}'; ip route show dev v1; done
for a in 10.0.0.1 172.16.0.1 192.168.1.1 224.0.0.1 240.0.0.1 127.0.0.1 0.0.0.0; do ifconfig v2 $a; ip -4 -o addr show v2 | awk '{$1=""; print}'; done
for m in 255.255.255.255 255.255.255.254 255.255.255.0 255.0.0.0 0.0.0.0 255.0.255.0 0xffffff00 24; do echo "== $m"; ifconfig v2 10.9.9.9 netmask $m; ip -4 -o addr show v2 | awk '{$1=""; print}'; done
ip addr flush dev v2
ip addr add 10.0.0.1/24 dev v2; ifconfig v2 10.0.0.1/32; ip -4 -o addr show v2; ifconfig v2 10.0.0.1/31; ip -4 -o addr show v2
ip addr add 10.1.0.1/24 brd 10.1.0.77 dev v3; ifconfig v3 netmask 255.255.0.0; ip -4 -o addr show v3; ifconfig v3 broadcast 10.1.0.99; ip -4 -o addr show v3
ifconfig v3 10.1.0.5; ip -4 -o addr show v3; ifconfig v3 10.1.0.6 broadcast 10.1.1.1 netmask 255.255.255.0; ip -4 -o addr show v3
ifconfig v3 10.1.0.7 netmask 255.255.255.0 broadcast 10.1.1.1; ip -4 -o addr show v3; ifconfig v3 10.1.0.8/24 broadcast 10.1.0.88; ip -4 -o addr show v3
ifconfig v3 pointopoint 10.2.2.2; ip -4 -o addr show v3; ifconfig v3 -pointopoint; ifconfig v3 | head -2
ifconfig v3 dstaddr 10.2.2.3; ip -4 -o addr show v3
ifconfig v3 metric 5; ifconfig v3 txqueuelen 77; ip link show v3 | head -1; ifconfig v3 mtu 68; ifconfig v3 mtu 67; ifconfig v3 mtu x
ifconfig v3:0 10.1.0.50; ifconfig v3:0 netmask 255.255.0.0; ip -4 -o addr show v3; ifconfig v3:0 down; ip -4 -o addr show v3
arp -d 10.0.0.3; ip neigh replace 10.0.0.3 dev v0 nud reachable; ip neigh show dev v0; arp -an; arp -d 10.0.0.3; cat /proc/net/arp; ip neigh show dev v0
ip neigh replace 10.0.0.5 lladdr 02:00:00:00:00:04 dev v0 nud failed; arp -an; arp -d 10.0.0.5; ip neigh show dev v0
ip neigh replace 10.0.0.6 lladdr 02:00:00:00:00:04 dev v0 nud stale; ip neigh replace 10.0.0.7 lladdr 02:00:00:00:00:04 dev v0 nud permanent; arp -d 10.0.0.6; arp -d 10.0.0.7; ip neigh show dev v0 # cmp: sort
ip addr change 10.0.1.1/16 dev lo valid_lft 100 preferred_lft 50; ip -4 -o addr show lo; ip addr add 10.0.1.1/24 dev lo; ip -4 -o addr show lo
ifconfig lo 10.0.3.3/24; ip -4 -o addr show lo
