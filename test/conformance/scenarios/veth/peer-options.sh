# title: options of the peer when a pair is made
# tags: veth netns
ip netns add red
ip netns add blue
ip link add name v0 mtu 1400 txqueuelen 200 address 02:00:00:00:00:01 type veth peer name v1 mtu 1300 txqueuelen 300 address 02:00:00:00:00:02
ip link show v0
ip link show v1
ip link add v2 up type veth peer name v3 up
ip link show v2
ip link show v3
ip link add r0 netns red type veth peer name b0 netns blue
ip -n red link show r0
ip -n blue link show b0
ip -n red link add r1 type veth peer name b1 netns blue
ip -n red link show r1
ip -n blue -br link
ip link add r1 netns red type veth peer name x1
ip link add x1 type veth peer name b1 netns blue
ip link add x1 type veth peer name y1 netns nope
ip link add x1 netns nope type veth
ip link add x1 type veth peer
ip -br link
ip link add x3 type veth peer name
ip link add type veth peer name only
ip -br link show only
ip link add x4 numtxqueues 4 numrxqueues 4 type veth peer name x5 numtxqueues 1 numrxqueues 1
ip -d link show x4
ip link add x6 type veth bogus 1
ip link add x6 type veth peer bogus 1
ip link add x6 type veth peer name x7 type veth
ip link add dev x8 type veth peer x9
ip link add link v0 name x9 type veth
ip link show x9
ip netns list
ip link add p0 type veth peer name p1 netns 1
ip link show p0
