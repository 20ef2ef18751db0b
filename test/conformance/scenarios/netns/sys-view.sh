# title: /sys and /proc/net show the namespace one is in
# tags: netns sysfs
ip netns add red
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02 netns red
ls /sys/class/net
ip netns exec red ls /sys/class/net
nsenter --net=/run/netns/red ls /sys/class/net
ip netns exec red cat /sys/class/net/v1/address
ip netns exec red cat /proc/net/dev
nsenter --net=/run/netns/red cat /proc/net/dev
ip netns exec red cat /sys/class/net/lo/operstate
ip netns exec red cat /sys/class/net/v0/address
ip -n red link set lo up
ip netns exec red cat /sys/class/net/lo/operstate /sys/class/net/lo/carrier
ip -n red addr add 10.0.0.1/24 dev v1
ip -n red link set v1 up
ip link set v0 up
ip netns exec red cat /proc/net/route
cat /proc/net/route
ip netns exec red cat /proc/net/arp
sleep 2
ip netns exec red cat /proc/net/if_inet6 # cmp: sort
ip netns exec red sh -c 'cat /proc/$$/net/route'
ip netns exec red ip route show table local
