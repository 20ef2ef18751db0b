# title: the old arp command: shows, sets, deletes
# tags: neigh arp
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
ip link set v0 up; ip link set v1 up
ip addr add 10.0.0.1/24 dev v0
arp -n # cmp: sort
arp
arp -s 10.0.0.5 02:00:00:00:00:05
arp -n # cmp: sort
arp -an
arp -a
arp -e
arp -v -n
arp -i v0 -n
arp -i v1 -n
arp -n 10.0.0.5
arp -n 10.0.0.6
arp 10.0.0.6
arp -an 10.0.0.5
arp -s 10.0.0.5 02:00:00:00:00:06
arp -an
arp -s 10.0.0.7 02:00:00:00:00:07 temp
arp -n # cmp: sort
arp -s 192.168.1.1 02:00:00:00:00:07
arp -i v0 -s 192.168.1.1 02:00:00:00:00:07
arp -n # cmp: sort
arp -s 10.0.0.8
arp -s 10.0.0.8 zz:00
arp -d 10.0.0.5
arp -n # cmp: sort
arp -d 10.0.0.5
arp -d 10.0.0.99
arp -d nosuchhost
arp -i nope -n
arp -s 10.0.0.50 02:00:00:00:00:01 pub
arp -n # cmp: sort
ip neigh show proxy # cmp: sort
arp -i v0 -Ds 10.0.0.51 v0 pub
arp -n # cmp: sort
arp -i v0 -d 10.0.0.50 pub
cat /proc/net/arp # cmp: sort
ip neigh # cmp: sort
arp -Z 2>&1 | head -1
arp -H ether -n # cmp: sort
arp -H bogus -n
arp -V | head -1
