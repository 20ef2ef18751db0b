# title: In the manner of the kernel's own tests: metrics of addresses, replaced and changed
# tags: addr route metric
ip link add d1 type veth peer name p1; ip link add d2 type veth peer name p2
for d in d1 d2 p1 p2; do ip link set $d up; done
check_route() { local want="$1"; local have=$(ip ro ls match 172.16.104.0/24 | tr -s ' ' | sed 's/ *$//'); [ "$have" = "$want" ] && echo "ok" || { echo "have: $have"; echo "want: $want"; }; }
ip addr add dev d2 172.16.104.1/24 metric 257
check_route "172.16.104.0/24 dev d2 proto kernel scope link src 172.16.104.1 metric 257"
ip addr flush dev d2
ip addr add dev d2 172.16.104.1/24; ip addr change dev d2 172.16.104.1/24 metric 258
ip route
ip addr change dev d2 172.16.104.1/24 metric 259; ip route; ip addr show d2 | grep inet' '
ip addr add dev d1 172.16.104.2/24 metric 300; ip route
ip link set d1 down; ip route
ip link set d1 up; ip route
ip route get 172.16.104.9
ip addr replace dev d1 172.16.104.2/24 metric 100; ip route get 172.16.104.9
ip addr del dev d1 172.16.104.2/24; ip route
ip addr add dev d1 172.16.105.1 peer 172.16.105.2 metric 77; ip route
ip addr add dev d1 172.16.106.1/24 noprefixroute; ip route show dev d1
ip addr add dev d1 172.16.107.1/24 metric; ip addr add dev d1 172.16.107.1/24 metric x
ip addr change dev d1 172.16.108.1/24 metric 5; ip -4 -o addr show d1
ip addr replace 172.16.108.1/24 dev d1 valid_lft 100 preferred_lft 50; ip -4 -o addr show d1 to 172.16.108.1
ip addr replace 172.16.108.1/24 dev d1 valid_lft 50 preferred_lft 100
ip addr replace 172.16.108.1/24 dev d1 preferred_lft 0; ip -4 -o addr show deprecated
ip -6 addr add dev d1 2001:db8:104::1/64 metric 260 nodad; ip -6 route show 2001:db8:104::/64
ip -6 addr change dev d1 2001:db8:104::1/64 metric 261; ip -6 route show 2001:db8:104::/64
ip -6 addr add dev d2 2001:db8:104::2/64 metric 262 nodad; ip -6 route show 2001:db8:104::/64
ip -6 route get 2001:db8:104::9
ip -6 addr del 2001:db8:104::1/64 dev d1; ip -6 route show 2001:db8:104::/64
ip -6 addr add 2001:db8:105::1 peer 2001:db8:106::1/64 dev d1 metric 9 nodad; ip -6 route show dev d1 | grep -v fe80
ip -6 addr add 2001:db8:107::1/64 dev d1 noprefixroute nodad; ip -6 route show dev d1 | grep -v fe80
ip -6 addr flush dev d1 scope global; ip -6 route show dev d1 | grep -v fe80
ip addr add 172.16.109.1/24 dev d1 broadcast 172.16.109.127; ip addr show d1 | grep 109; ip route show table local dev d1 | grep 109
ip addr add 172.16.110.1/32 broadcast + dev d1; ip addr add 172.16.111.1/31 broadcast + dev d1; ip -4 -o addr show d1 | grep 'brd'
ip addr add 0.0.0.0/0 dev d1; ip addr add 255.255.255.255/32 dev d1; ip addr add 224.0.0.9/24 dev d1; ip addr add 127.0.0.5/8 dev d1; ip -4 -o addr show d1 | awk '{print $4}'
ip addr add 172.16.112.1/24 dev d1 scope 42; ip addr add 172.16.113.1/24 dev d1 scope nonsense; ip route show scope 42
ip addr add local 172.16.114.1/24 broadcast - dev d1 label d1:verylonglabelname
ip addr add 172.16.114.300/24 dev d1; ip addr add 172.16.114/24 dev d1; ip addr add 10/8 dev d1; ip -4 -o addr show d1 | awk '{print $4}' | tail -2
