# title: What people type: wrong words, missing words, half words
# tags: errors
ip link add v0 type veth peer name v1
ip link set v0 up; ip link set v1 up
ip addr add 10.0.0.1/24 v0
ip addr add 10.0.0.1/24 dev
ip addr add dev v0
ip addr add 10.0.0.1 255.255.255.0 dev v0
ip addr add 10.0.0.1/255.255.255.0 dev v0
ip addr add 10.0.0.1/24 dev v0
ip addr add 10.0.0.256/24 dev v0
ip addr add 10.0.0/24 dev v0
ip addr add 10.0.0.1\24 dev v0
ip addr add 10.0.0.5/33 dev v0
ip addr add 10.0.0.5/24 brd 10.0.0.255 dev eth0
ip addr add 10.0.0.5/24 broadcast dev v0
ip addr set 10.0.0.5/24 dev v0
ip addr remove 10.0.0.1/24 dev v0
ip address delete 10.0.0.9/24 dev v0
ip addr show v7
ip adr
ip addres
ip link set v0
ip link set up
ip link v0 up
ip link up v0
ip link set v0 upp
ip link set v0 mtu
ip link set v0 mtu big
ip link set v0 mtu 1500x
ip link set v0 addr 02:00:00:00:00:0g
ip link set v0 address 02:00:00:00:00
ip link set v0 name v1
ip link set v0 master br0
ip link set v0 netns red
ip link add v0
ip link add br0 type bridg
ip link add type bridge
ip link delete v9
ip link delete v0 type bridge
ip route add 10.1.0.0/16
ip route add 10.1.0.0/16 dev
ip route add 10.1.0.0/16 gw 10.0.0.2
ip route add 10.1.0.0/16 via
ip route add 10.1.0.0/16 via 10.0.0.2 metric
ip route add 10.1.0.1/16 via 10.0.0.2
ip route add 10.1.0.0/16 via 10.7.0.1
ip route add 10.1.0.0/16 via v0
ip route add 10.1.0.0 255.255.0.0 via 10.0.0.2
ip route add via 10.0.0.2
ip route add default 10.0.0.2
ip route add default via 10.0.0.2 dev v9
ip route add defaul via 10.0.0.2
ip route del 10.1.0.0/16
ip route delete default via 10.0.0.77
ip route get
ip route get 10.1.0.1 from 10.5.5.5
ip route get google
ip route show tabel 5
ip route shwo
ip rout
ip rule add from 10.0.0.0/8
ip rule add form 10.0.0.0/8 table 5
ip rule add from 10.0.0.0/8 table five
ip neigh add 10.0.0.2 dev v0 lladdr
ip neigh add 10.0.0.2 lladdr 02:00:00:00:00:02
ip neigh del 10.0.0.2
ip neigh show v0
ip netns add
ip netns add a/b
ip netns del nosuch
ip netns exec
ip netns exec nosuch ls
ip netns exec nosuch
ip -n nosuch link
ip -x link
ip --brief link show nosuch
ip -family inet5 addr
ip help nosuch 2>&1 | head -1
ip
ip link help nosuch 2>&1 | head -1
ip -batch
ip -s -s
ifconfig v0 10.0.0.1 netmask
ifconfig v9 up
ifconfig v0 10.0.0.1 mask 255.255.255.0
route add 10.1.0.0/16 gw 10.0.0.2
route add -net 10.1.0.0 gw 10.0.0.2
route add default 10.0.0.2
route del default gw 10.0.0.2
ethtool v9
