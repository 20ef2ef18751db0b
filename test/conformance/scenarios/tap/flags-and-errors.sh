# title: Words of ip tuntap: flags, errors, what may be changed
# tags: tap tun
ip tuntap add mode tap
ip tuntap add name tun7 mode tun pi
ip tuntap add dev tap7 mode tap one_queue
ip tuntap add dev mq mode tap multi_queue
ip tuntap # cmp: sort
ip -j tuntap
ip -d link show tun7 # cmp: mask /(gso|gro|tso)_\S+ \d+/
ip -d link show mq # cmp: mask /(gso|gro|tso)_\S+ \d+/
ip -d -j link show tun7 # cmp: mask /"(gso|gro|tso)_\w+":\d+/
ip tuntap del tap7
ip tuntap del nosuch mode tap
ip tuntap add dev a/b mode tap
ip tuntap add dev averyveryverylongname mode tap
ip tuntap foo
ip tuntap add dev q mode tap foo
ip tuntap add dev q mode tap user
ip tuntap add dev y mode tap mode tun
ip tuntap add dev y mode tun group nosuch
ip tuntap add dev lo mode tap
ip tuntap del dev mq mode tap
ip tuntap del dev mq mode tap multi_queue
ip tap
ip tuntap help
ip link add foo type tun
ip link set tun7 address 02:00:00:00:00:01
ip link set tun7 mtu 70000
ip link set tap0 mtu 65530
ip link set tun7 type tun
ip link set tun7 up
sleep 0.3
ip -br link show tun7
ip -s link show tun7
cat /sys/class/net/tun7/type /sys/class/net/tun7/addr_len /sys/class/net/tun7/tun_flags /sys/class/net/tun7/owner
cat /sys/class/net/tap0/type /sys/class/net/tap0/addr_len /sys/class/net/tap0/tun_flags
