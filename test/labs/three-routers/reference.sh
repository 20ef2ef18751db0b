# expect: passed
#@ router1
ip route replace {{netB}} via {{r2a}}
#@ router2
sysctl -w net.ipv4.ip_forward=1
ip route replace {{netA}} via {{r1b}}
ip route replace {{netB}} via {{r3a}}
#@ router3
ip route replace {{netA}} via {{r2b}}
