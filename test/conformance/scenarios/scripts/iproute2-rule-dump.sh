# title: In the manner of iproute2's own tests: rules are added, shown, deleted, one kind after another
# tags: rule
ip link add v0 type veth peer name v1
ip link set v0 up
check() { ip rule add pref 100 "$@" && ip rule show pref 100 && ip rule del pref 100 "$@" && ip rule show pref 100; }
check from 10.0.0.0/8 lookup 100
check to 10.0.0.0/8 lookup 100
check iif v0 lookup 100
check oif v0 lookup 100
check tos 0x10 lookup 100
check fwmark 0x64 lookup 100
check fwmark 0x64/0xff lookup 100
check uidrange 100-100 lookup 100
check ipproto icmp lookup 100
check ipproto tcp sport 666 dport 777 lookup 100
check sport 1000-2000 lookup 100
check not from 192.0.2.0/24 lookup 100
check blackhole
check from 192.0.2.1 prohibit
check lookup main suppress_prefixlength 0
check protocol static lookup 100
check goto 200
ip rule add pref 100 sport 5-1 lookup 100
for i in $(seq 1 10); do ip rule add from 10.0.$i.0/24 lookup $((100 + i)); done
ip rule
ip rule list table 103
ip rule del from 10.0.3.0/24
ip rule del table 105
ip rule save > /dev/null 2>&1 # cmp: any
for i in $(seq 1 10); do ip rule del pref $((32766 - i)); done
ip rule
ip -6 rule add from fd00::/8 lookup 100
ip -6 rule
ip -6 rule del from fd00::/8 lookup 100
ip -6 rule
ip rule flush
ip rule
ip rule add from all lookup main pref 32766
ip rule add from all lookup default pref 32767
ip rule
