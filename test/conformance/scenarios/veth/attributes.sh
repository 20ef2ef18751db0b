# title: name, mtu, address, alias, queue length, flags and group of a veth end
# tags: veth link
ip link add v0 type veth peer name v1
ip link set v0 mtu 1400
ip link show v0
ip link show v1
ip link set v0 mtu 67
ip link set v0 mtu 70000
ip link set v0 mtu 65535
ip link set v0 mtu abc
ip link set v0 address 02:00:00:00:00:01
ip link set v0 address 01:00:00:00:00:01
ip link set v0 address 02:00:00:00:01
ip link set v0 address 00:00:00:00:00:00
ip link set dev v0 alias "uplink to v1"
ip link show v0
ip link set v0 alias ""
ip link show v0
ip link set v0 txqueuelen 500
ip link set v1 qlen 77
ip -br link
ip link show v0
ip link set v0 promisc on
ip link show v0
ip -d link show v0
ip link set v0 promisc off
ip link set v0 allmulticast on
ip link show v0
ip link set v0 allmulticast off multicast off
ip link show v0
ip link set v0 arp off
ip link show v0
ip link set v0 arp on multicast on dynamic on
ip link show v0
ip link set v0 dynamic off group 7
ip link show v0
ip link show group 7
ip link set v0 group nosuch
ip link set v0 group default
ip link set v0 broadcast 02:ff:ff:ff:ff:ff
ip link show v0
ip link set v0 arp maybe
ip link set v0 promisc
ip link set v0 mtu
ip link set v0 mtu 1500 mtu 1400
ip link show v0
