# expect: failed
# The way there is whole, the way back is not.
#@ router1
ip route replace {{netB}} via {{r2a}}
#@ router2
sysctl -w net.ipv4.ip_forward=1
ip route replace {{netB}} via {{r3a}}
