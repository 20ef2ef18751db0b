# title: nexthop objects
ip link add wa type veth peer name wb
ip link set wa up; ip link set wb up; ip link set lo up
ip addr add 10.0.1.1/24 dev wa
ip addr add 10.0.2.1/24 dev wb
ip nexthop
ip nexthop add id 5 via 10.0.2.2 dev wb
ip nexthop add id 5 via 10.0.2.2 dev wb
ip nexthop add id 6 via 10.0.1.2 dev wa proto static
ip nexthop add id 7 blackhole
ip nexthop add id 8 dev wa
ip nexthop add id 9 group 5/6
ip nexthop add id 10 group 5,3/6,2
ip nexthop add id 11 via 10.9.9.9 dev wa
ip nexthop add id 11 via 10.9.9.9
ip nexthop add id 12 via 10.0.1.2 dev wa onlink
ip nexthop add id 13 via 10.9.9.9 dev wa onlink
ip nexthop add id 14 group 5/99
ip nexthop add id 15 group 7/5
ip nexthop add id 16
ip nexthop add via 10.0.1.3 dev wa
ip nexthop
ip -j nexthop
ip -d nexthop show id 5
ip nexthop show dev wa
ip nexthop show groups
ip nexthop get id 5
ip nexthop get id 99
ip route add 198.51.100.0/24 nhid 5
ip route add 198.51.101.0/24 nhid 9
ip route add 198.51.102.0/24 nhid 7
ip route add 198.51.103.0/24 nhid 99
ip route add 198.51.104.0/24 nhid 8
ip route add 198.51.105.0/24 nhid 10
ip route
ip -j route
ip route show nhid 5
ip route get 198.51.100.1
ip route get 198.51.102.1
ip nexthop replace id 5 via 10.0.2.77 dev wb
ip route
ip nexthop del id 5
ip route
ip nexthop
ip nexthop del id 5
ip nexthop del id 99
ip link set wa down
ip nexthop
ip route
ip nexthop flush
ip nexthop
ip nexthop add id 0 dev wb
ip nexthop add id x dev wb
ip nexthop add id 5 dev nodev
ip nexthop foo
ip nexthop add id 20 group 1/
ip nexthop add id 20 via foo
ip nexthop add id 21 dev wa
ip nexthop add id 22 via 10.0.2.2 dev wb proto 77
ip nexthop flush proto 77
ip nexthop
