# title: up and down: what stays and what goes
# tags: veth addr route
# pace: 1.1
ip netns add box
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02 netns box
ip addr add 10.0.0.1/24 dev v0
ip route
ip route add 10.9.0.0/16 via 10.0.0.2
ip link set v0 up
ip route
ip -n box addr add 10.0.0.2/24 dev v1
ip -n box link set v1 up
ip route add 10.9.0.0/16 via 10.0.0.2
ip route
ip addr show v0
ip link set v0 down
ip route
ip addr show v0
ip -n box addr show v1
ip -n box route
ip link set v0 up
ip route
ip addr show v0
ping -c 1 -W 1 10.0.0.2
ip neigh # cmp: sort
ip -n box link set v1 down
ip neigh # cmp: sort
ip route
ping -c 1 -W 1 10.0.0.2
ip -n box link set v1 up
ping -c 1 -W 1 10.0.0.2
ip -6 route # cmp: sort
ip -6 addr
ip addr flush dev v0
ip addr show v0
ip route
ip -n box addr flush dev v1
ip -n box -br addr
