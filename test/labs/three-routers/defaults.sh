# expect: passed
# Default routes outwards from the middle, and exact ones on it.
#@ router1
ip route del {{netB}} 2>/dev/null
ip route add default via {{r2a}}
#@ router3
ip route del {{netA}} 2>/dev/null
ip route add default via {{r2b}}
#@ router2
echo 1 > /proc/sys/net/ipv4/ip_forward
ip route replace {{netA}} via {{r1b}}
ip route replace {{netB}} via {{r3a}}
