# title: Tap devices for machines: ip tuntap, owners, a bridge, who is there
# tags: tap tuntap bridge
ip tuntap add dev tap0 mode tap
ip tuntap add tap1 mode tap user nobody group nogroup
ip tuntap add mode tun tun0
ip tuntap add dev tap0 mode tap
ip tuntap add dev tap0 mode tun
ip tuntap add dev tap9
ip tuntap add dev tap9 mode bridge
ip tuntap add dev tap9 mode tap user nosuchuser
ip tuntap
ip tuntap list
ip -br link | awk '{print $1, $2}'
ip link add br0 type bridge
ip link set tap0 master br0 up
ip link set tap1 address 02:00:00:00:00:01 master br0 up
ip link set tun0 master br0
ip link set br0 up
ip link show tap1
ip -d link show tap1 | tail -2 | head -1
ip link show tun0
ip addr add 10.8.0.1 peer 10.8.0.2 dev tun0
ip link set tun0 up
ip addr show tun0 | grep -v inet6
ip route
ping -c1 -W1 10.8.0.2
ping -c1 -W1 10.8.0.1 >/dev/null; echo $?
sleep 1; ip -br link show tap0; cat /sys/class/net/tap0/carrier
cat /sys/class/net/tap1/owner /sys/class/net/tap1/group /sys/class/net/tap0/tun_flags
bridge link show | awk '{print $2,$3,$NF}'
ip link set tap0 carrier on
ip tuntap del dev tap0 mode tun
ip tuntap del dev tap0 mode tap
ip tuntap del tun0 mode tun
ip tuntap del dev notap mode tap
ip link del tap1
ip tuntap show
ip route
ip link add type tun
ip link add tap5 type tap
for i in 0 1 2 3; do ip tuntap add mode tap name vm$i; done
ip tuntap add tap%d mode tap; ip tuntap add tap%d mode tap; ip -br link | awk '{print $1}'
for t in $(ip -o link | grep -oE '(tap|vm)[0-9]+' | sort -u); do ip link del $t; done; ip -br link | awk '{print $1}'
