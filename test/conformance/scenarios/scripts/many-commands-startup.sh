# title: A long start-up file of one router: a hundred addresses and routes, written out
# tags: lab addr route
ip link add eth0 type veth peer name x0; ip link add eth1 type veth peer name x1; ip link add eth2 type veth peer name x2
ip link set dev lo up; ip link set dev eth0 up; ip link set dev eth1 up; ip link set dev eth2 up; ip link set x0 up; ip link set x1 up; ip link set x2 up
ip address add 193.10.11.1/24 dev eth0
ip address add 195.11.14.1/30 dev eth1
ip address add 200.1.1.1/24 dev eth2
ip address add 10.0.0.1/32 dev lo
ip a a 200.1.2.1/25 dev eth2
ip a a 200.1.2.129/25 broadcast 200.1.2.255 dev eth2
ip addr add dev eth1 195.11.14.5/30
ip route add 195.11.15.0/24 via 195.11.14.2
ip route add 195.11.16.0/22 via 195.11.14.2 dev eth1
ip route add 100.0.0.0/8 via 195.11.14.6
ip route add 100.1.0.0/16 via 195.11.14.2
ip route add 100.1.2.0/24 via 200.1.2.2
ip route add 100.1.2.3 via 200.1.2.130
ip route add 100.1.2.3/32 via 200.1.2.131
ip ro add default via 193.10.11.254
ip r a 0/1 via 193.10.11.253
ip r a 128.0/1 via 193.10.11.253
ip route add 172.16/12 dev eth2
ip route add 10.10.10.0/24 dev eth0 scope link src 193.10.11.1
ip route add 10.10.11.0/24 dev eth0 src 193.10.11.2
ip route add 10.10.12.0/24 via 1.2.3.4
ip route add 10.10.13.5/24 via 193.10.11.9
ip route add 10.10.14.0/24 dev eth9
ip route add 10.10.15.0/24
ip route add via 193.10.11.9
ip route add 10.10.16.0/24 via 193.10.11.1
ip route add 10.10.17.0/24 via 193.10.11.255
ip route add 10.10.18.0/33 via 193.10.11.9
ip route add 10.10.19.0/24 gw 193.10.11.9
ip route add 10.10.20.0/24 via 193.10.11.9 metric 100 mtu 1400 advmss 1360 hoplimit 32 initcwnd 10
ip route add 10.10.21.0/24 via 193.10.11.9 proto static
ip route add 10.10.22.0/24 via 193.10.11.9 table 10
ip route add 10.10.23.0/24 via 193.10.11.9 initrwnd 20 advmss 1000
ip route add 10.10.24.0/24 via inet 193.10.11.9
ip route add to 10.10.25.0/24 via 193.10.11.9
ip route add unicast 10.10.26.0/24 via 193.10.11.9
ip route replace default via 193.10.11.252
ip route change 100.0.0.0/8 via 195.11.14.6 metric 5
ip route change 101.0.0.0/8 via 195.11.14.6
ip route append default via 193.10.11.251
ip route
ip route list table all | wc -l
ip route show 100.1.0.0/16
ip route show root 100.0.0.0/8
ip route show match 100.1.2.3
ip route show dev eth2 proto kernel
ip route show via 193.10.11.9 # cmp: sort
ip route get 100.1.2.3
ip route get 100.1.2.4
ip route get 100.1.3.4
ip route get 100.9.9.9
ip route get 99.1.1.1
ip route get 200.1.2.77
ip route get 200.1.2.127
ip route get 200.1.2.255
ip route get 10.0.0.1
ip route get 224.0.0.5
ip route get 0.0.0.0
ip route get 255.255.255.255
ip route get 193.10.11.77 dev eth1
ip route get 10.10.22.1 table 10
ip route get to 8.8.8.8 from 200.1.1.1
ip route get 8.8.8.8 from 200.1.1.99
ip route del 100.1.2.3
ip route del 100.1.2.0/24 via 200.1.2.99
ip route del 100.1.2.0/24
ip route del default via 193.10.11.251
ip route flush 100.1.0.0/16
ip route flush proto static
ip route flush via 193.10.11.9
ip route flush table 10
ip route flush dev eth2
ip route show
ip link set eth0 down
ip route
ip link set eth0 up; ip route
for i in 0 1 2; do ip addr flush dev eth$i; done; ip route; ip -4 addr
