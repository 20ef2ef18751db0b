# title: different MTUs at the ends of a pair
# tags: veth ping
ip netns add box
ip link add v0 type veth peer name v1 netns box
ip addr add 10.0.0.1/24 dev v0; ip -n box addr add 10.0.0.2/24 dev v1
ip link set v0 up; ip -n box link set v1 up
ping -c 1 -W 1 -s 1472 -M do 10.0.0.2
ping -c 1 -W 1 -s 1473 -M do -W 1 10.0.0.2
ping -c 1 -W 1 -s 1473 10.0.0.2
ip link set v0 mtu 9000
ping -c 1 -W 1 -s 5000 -W 1 10.0.0.2
ip -n box link set v1 mtu 9000
ping -c 1 -W 1 -s 5000 -W 1 10.0.0.2
ping -c 1 -W 1 -s 8972 -M do 10.0.0.2
ping -c 1 -W 1 -s 8973 -M do 10.0.0.2
ip link set v0 mtu 576
ping -c 1 -W 1 -s 1000 10.0.0.2
ping -c 1 -W 1 -s 1000 -M dont 10.0.0.2
ping -c 1 -W 1 -s 1000 -M want 10.0.0.2
ping -c 1 -W 1 -s 65507 10.0.0.2
ping -c 1 -W 1 -s 65508 10.0.0.2
ping -c 1 -W 1 -s 4 10.0.0.2
ping -c 1 -W 1 -s 0 10.0.0.2
ip -br link show type veth
ip link set v0 mtu 1000
ip -6 addr show v0 scope link
ip link set v0 mtu 1300
