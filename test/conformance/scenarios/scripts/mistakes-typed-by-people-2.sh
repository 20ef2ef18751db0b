# title: What people type wrongly, second lot
# tags: mistakes
ip link add veth0 type veth peer veth1
ip link add veth0 type veth peer name veth1
ip link set veth0
ip link set
ip link set dev
ip link set veth0 up down
ip link set veth0 mtu
ip link set veth0 mtu abc
ip link set veth0 mtu -5
ip link set veth0 mtu 100000
ip link set veth0 address 02:00:00
ip link set veth0 address 02-00-00-00-00-01
ip link set veth0 address ff:ff:ff:ff:ff:ff
ip link set veth0 name lo
ip link set veth0 name thisnameistoolongforlinux
ip link set veth0 name "a b"
ip link set veth0 name a/b
ip link set veth0 name .
ip link set veth0 netns nowhere
ip link set veth0 master
ip link set nothere up
ip link set veth0 type bridge_slave
ip link del
ip link del nothere
ip link delete dev veth0 type bridge
ip link add
ip link add foo
ip link add foo type
ip link add foo type nosuchtype
ip link add type veth foo
ip link add foo type veth peer
ip link add foo type veth peer name
ip link add foo type veth peer name foo
ip link add name veth9 type veth peer name veth8 mtu 90; ip -br link | awk '{print $1}'
ip link show dev
ip link show nope
ip link show up foo
ip link show type veth up
ip link list dev veth8
ip lnk
ip -x link
ip -family foo addr
ip -4 -6 addr show lo
ip add
ip addr ad 10.0.0.1/24 dev veth8
ip addr add 10.0.0.1/24
ip addr add dev veth8
ip addr add 10.0.0.1 255.255.255.0 dev veth8
ip addr add 10.0.0.1/255.255.255.0 dev veth8; ip -4 -br addr show veth8
ip addr add 10.0.0.1/24/24 dev veth8
ip addr add 10.0.0.1\\24 dev veth8
ip addr add 10.0.0.256/24 dev veth8
ip addr add 10.0.0.1/24 veth8
ip addr add 10.0.0.2/24 dev veth8 dev veth9
ip addr add 10.0.0.3/24 10.0.0.4/24 dev veth8
ip addr del 10.0.0.1 dev veth8
ip addr del 10.0.0.99/24 dev veth8
ip addr del dev veth8
ip addr flush
ip addr flush dev nope
ip addr show dev
ip addr show nope
ip addr show veth8 foo
ip addr delete 10.0.0.2/24 dev veth8; ip addr remove 10.0.0.2/24 dev veth8
ip ad sh veth8 | head -1
ip a l dev lo | head -1
ip r a
ip r add default
ip r add default via
ip r add default dev
ip r add default via 10.0.0.9 dev nope
ip r add default via 10.0.0.9.1
ip r add 10.5.0.0/16 via 10.0.0.9 metric -1
ip r add 10.5.0.0/16 via 10.0.0.9 table
ip r add 10.5.0.0/16 foo
ip r del
ip r del 10.5.0.0/16
ip r get
ip r get foo
ip r get 10.0.0.0/8
ip r show dev nope
ip r show table nope
ip r flush
ip route delete default via 10.0.0.1 dev
ip neigh add
ip neigh add 10.0.0.5
ip neigh add 10.0.0.5 lladdr
ip neigh add 10.0.0.5 dev veth8 lladdr 1:2:3
ip neigh del 10.0.0.5
ip neigh foo
ip rule add
ip rule add from
ip rule add from 10.0.0.0/8 table
ip rule add foo
ip rule del
ip rule del pref 12345
ip rule show foo
bridge fdb add
bridge link set
bridge link set dev veth8
bridge foo
ping
ping -c 2>&1 | head -1
ping -c x 10.0.0.1
ping -c 0 10.0.0.1
ping nosuchhost.example
ping 10.0.0.1.2
ping -s 99999999 10.0.0.1
ping -i 0 -c1 -q 127.0.0.1
ping -t 256 10.0.0.1
