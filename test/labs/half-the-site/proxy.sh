# expect: failed
# variants: 0 1
# The router answers ARP for everyone: strangers go on looking like neighbours.
#@ router
echo 1 > /proc/sys/net/ipv4/conf/enp0s1/proxy_arp
echo 1 > /proc/sys/net/ipv4/conf/enp0s2/proxy_arp
