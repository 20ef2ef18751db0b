# title: Two socats make a tunnel of a UDP connection
# tags: tun socat udp
ip netns add a
ip netns add b
ip link add v0 netns a type veth peer name v0 netns b
ip -n a addr add 192.0.2.1/24 dev v0
ip -n b addr add 192.0.2.2/24 dev v0
ip -n a link set v0 up
ip -n b link set v0 up
sleep 2
ip netns exec a timeout 12 socat UDP4-LISTEN:7000 TUN:10.9.0.1/24,tun-name=vpna,iff-up,iff-no-pi &
sleep 0.3
ip netns exec b timeout 12 socat UDP4:192.0.2.1:7000 TUN:10.9.0.2/24,tun-name=vpnb,iff-up,iff-no-pi &
sleep 1.5
ip -n b addr show vpnb # cmp: mask /fe80::\S+/
ip -n b route
ip -n a -br addr show vpna # cmp: mask /fe80::\S+/
ip netns exec b ping -c 3 -i 0.3 -W 1 10.9.0.1
ip netns exec a ping -c 1 -W 1 -s 1400 10.9.0.2
ip netns exec a ping -c 1 -W 1 -t 1 10.9.0.2
ip -n a route add 10.77.0.0/16 dev vpna
ip -n a route get 10.77.1.1
ip netns exec b ip link set vpnb down
ip netns exec a ping -c 1 -W 1 10.9.0.2
wait
ip -n a -br link
ip -n b -br link show vpnb
