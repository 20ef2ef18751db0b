# title: typing mistakes around links and addresses
# tags: veth mistakes
ip link add v0 type veth peer name v1
ip link set v0 upp
ip link set v0 state up
ip link set up
ip link set dev
ip link set dev v0
ip link set
ip link v0 up
ip link up v0
ip set link v0 up
ip link set v0 up down
ip link set v0 down up
ip -br link show v0
ip link add veth0
ip link add veth0 type
ip link add type veth0
ip link add name v5 type veth peer
ip link add v5 v6 type veth
ip link add v5 type veth v6
ip link add v5 peer name v6 type veth
ip link show v5
ip link delete
ip link del v5 v6
ip link del dev
ip addr add 10.0.0.1 dev
ip addr add dev v0
ip addr add 10.0.0.1/24
ip addr add 10.0.0/24 dev v0
ip addr show v0
ip addr add 10.0.0.1/33 dev v0
ip addr add 10.0.0.256/24 dev v0
ip addr add 10.0.0.1/24 v0
ip addr add 10.0.0.1/24 dev v0 dev v1
ip addr add 10.0.0.1/24 dev v9
ip addr add 10.0.0.1/24 dev v0 broadcast 10.0.0.999
ip addr add 10.0.0.1/255.255.255.0 dev v0
ip addr add 10.0.0.1/24 dev v0
ip addr del 10.0.0.9/24 dev v0
ip addr del 10.0.0.1 dev v0
ip address dell 10.0.0.1/24 dev v0
ip adr
ip a s v0
ip l set v0 netns
ip link set v0 netns 0
ip link set v0 netns -1
ip link set v0 type veth
ip link set v0 type bridge
ip link set v0 master v1
ip link set v0 nomaster
ip link set v0 nosuchoption 1
