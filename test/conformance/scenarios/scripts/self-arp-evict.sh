# title: In the manner of the kernel's own tests: neighbours when the carrier goes
# tags: neigh sysctl ipv6 functions
readonly V4_ADDR0=10.0.10.1
readonly V4_ADDR1=10.0.10.2
readonly V6_ADDR0=2001:db8:91::1
readonly V6_ADDR1=2001:db8:91::2
setup_v4() {
    ip netns add PEER
    ip link add name veth0 type veth peer name veth1
    ip link set dev veth0 up
    ip link set dev veth1 netns PEER
    ip netns exec PEER ip link set dev veth1 up
    ip addr add $V4_ADDR0/24 dev veth0
    ip netns exec PEER ip addr add $V4_ADDR1/24 dev veth1
    ip netns exec PEER ip route add default via $V4_ADDR1 dev veth1
    ip route add default via $V4_ADDR0 dev veth0
    sysctl -w "$1"
    ping -c1 -I veth0 $V4_ADDR1 -q >/dev/null 2>&1 && echo answered
    ip neigh get $V4_ADDR1 dev veth0 | sed 's/lladdr .* //'
    ip netns exec PEER ip link set veth1 down
}
cleanup_v4() {
    ip neigh flush dev veth0
    ip link del veth0
    ip netns del PEER
}
setup_v4 net.ipv4.conf.veth0.arp_evict_nocarrier=1
ip neigh get $V4_ADDR1 dev veth0; echo $?
cleanup_v4
setup_v4 "net.ipv4.conf.veth0.arp_evict_nocarrier=0"
ip neigh get $V4_ADDR1 dev veth0 >/dev/null 2>&1 && echo ok || echo failed
cleanup_v4
setup_v4 net.ipv4.conf.all.arp_evict_nocarrier=0
ip neigh get $V4_ADDR1 dev veth0 >/dev/null 2>&1 && echo ok || echo failed
cleanup_v4
sysctl -w net.ipv4.conf.all.arp_evict_nocarrier=1
setup_v6() {
    ip netns add me; ip netns add peer
    local IP="ip -netns me"
    $IP li set lo up
    $IP li add veth1 type veth peer name veth2
    $IP li set veth1 up
    $IP -6 addr add $V6_ADDR0/64 dev veth1 nodad
    $IP li set veth2 netns peer up
    ip -netns peer -6 addr add $V6_ADDR1/64 dev veth2 nodad
    ip netns exec me sysctl -w $1
    ip netns exec me ping -6 -c1 -Iveth1 $V6_ADDR1 >/dev/null 2>&1
    ip netns exec me ip -6 neigh get $V6_ADDR1 dev veth1 >/dev/null 2>&1 && echo there
    ip netns exec peer ip link set veth2 down
}
cleanup_v6() { ip netns del me; ip netns del peer; }
setup_v6 net.ipv6.conf.veth1.ndisc_evict_nocarrier=1
ip netns exec me ip -6 neigh get $V6_ADDR1 dev veth1; echo $?
cleanup_v6
setup_v6 net.ipv6.conf.veth1.ndisc_evict_nocarrier=0
ip netns exec me ip -6 neigh get $V6_ADDR1 dev veth1 >/dev/null 2>&1 && echo ok || echo failed
cleanup_v6
setup_v6 net.ipv6.conf.all.ndisc_evict_nocarrier=0
ip netns exec me ip -6 neigh get $V6_ADDR1 dev veth1 >/dev/null 2>&1 && echo ok || echo failed
cleanup_v6
V4_ADDR0=1.2.3.4
readonly -p | grep V4
setup_v4 net.ipv4.conf.nope.arp_evict_nocarrier=1; cleanup_v4
