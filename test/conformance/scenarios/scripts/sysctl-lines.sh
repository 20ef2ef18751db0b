# title: Kernel settings as start-up scripts write them
# tags: sysctl proc
ip link add eth0 type veth peer name eth1; ip link set eth0 up; ip link set eth1 up
sysctl -w net.ipv4.ip_forward=1
sysctl net.ipv4.ip_forward net.ipv4.conf.all.forwarding net.ipv4.conf.default.forwarding net.ipv4.conf.eth0.forwarding
sysctl -n net.ipv4.conf.lo.forwarding
sysctl net.ipv4.conf.eth0.rp_filter net/ipv4/conf/eth0/rp_filter
sysctl -w net.ipv4.conf.all.rp_filter=2 net.ipv4.conf.eth0.rp_filter=0
sysctl -w net.ipv4.conf.all.rp_filter = 1
sysctl -w "net.ipv4.conf.all.rp_filter = 1"
sysctl net.ipv4.conf.all.rp_filter=1
sysctl -q net.ipv4.conf.all.rp_filter=0
sysctl -w net.ipv4.nothere=1
sysctl net.ipv4.nothere
sysctl -e net.ipv4.nothere; echo $?
sysctl -w net.ipv4.ip_forward
sysctl -w net.ipv4.ip_forward=x
sysctl -w net.ipv4.ip_forward=
sysctl -w
sysctl -a 2>/dev/null | grep -c 'net.ipv4.conf.eth0'
sysctl -a -r 'net.ipv4.conf.eth0.(rp_filter|forwarding)$'
sysctl --pattern 'icmp_echo' -a
sysctl net.ipv4.conf.eth0 | head -3
sysctl -N net.ipv4.neigh.eth0 | wc -l
printf '# comment\n; other comment\nnet.ipv4.conf.all.accept_redirects = 0\nnet.ipv4.conf.all.send_redirects=0\n\n-net.ipv4.nothere = 1\n' > my.conf
sysctl -p my.conf
sysctl -p nofile.conf; echo $?
echo 'net.ipv4.nothere2 = 5' >> my.conf; sysctl -p my.conf; echo $?
sysctl -p - <<< 'net.ipv4.ip_default_ttl=77'
cat my.conf | sysctl -q -p -
cat /proc/sys/net/ipv4/ip_default_ttl; ping -c1 -W1 127.0.0.1; ip link set lo up; ping -c1 -W1 127.0.0.1 | sed -n 2p
echo 300 > /proc/sys/net/ipv4/ip_default_ttl; echo $?
echo 64 > /proc/sys/net/ipv4/ip_default_ttl; cat /proc/sys/net/ipv4/ip_default_ttl
echo yes > /proc/sys/net/ipv4/ip_forward; echo $?
echo 2 > /proc/sys/net/ipv4/ip_forward; cat /proc/sys/net/ipv4/ip_forward
echo 1 > /proc/sys/net/ipv4/nothere
cat /proc/sys/net/ipv4/nothere
for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo "$f $(cat $f)"; done
for i in /proc/sys/net/ipv4/conf/*/; do echo -n "$(basename $i) "; done; echo
echo 1 | tee /proc/sys/net/ipv4/conf/{eth0,eth1}/arp_ignore
cat /proc/sys/net/ipv4/conf/eth?/arp_ignore | paste -sd+ | tr -d '\n'; echo
sysctl -w net.ipv4.conf.eth9.rp_filter=1
ip link set eth1 down; ip link set eth1 name wan0.5; sysctl net.ipv4.conf.wan0/5.rp_filter; sysctl -w net/ipv4/conf/wan0.5/rp_filter=1
ip netns add n; ip netns exec n sysctl net.ipv4.ip_forward; ip netns exec n sysctl -n net.ipv4.conf.all.rp_filter
ip netns exec n ls /proc/sys/net/ipv4/neigh; cat /proc/sys/net/ipv4/neigh/eth0/{base_reachable_time_ms,delay_first_probe_time,ucast_solicit,mcast_solicit,gc_stale_time,retrans_time_ms}
sysctl -w net.ipv4.neigh.eth0.base_reachable_time_ms=5000; sysctl net.ipv4.neigh.eth0.base_reachable_time
sysctl -w net.ipv4.icmp_ratelimit=0 net.ipv4.icmp_echo_ignore_broadcasts=0; sysctl net.ipv4.icmp_ratemask
sysctl net.ipv4.ip_local_port_range; sysctl -w net.ipv4.ip_local_port_range="40000 50000"; sysctl -w net.ipv4.ip_local_port_range="50000 40000"
sysctl net.ipv4.ping_group_range; sysctl -w net.ipv4.ping_group_range="0 100"; cat /proc/sys/net/ipv4/ping_group_range
sysctl net.ipv6.conf.eth0.disable_ipv6 net.ipv6.conf.all.forwarding net.ipv6.conf.default.accept_ra
sysctl -w net.ipv6.conf.all.disable_ipv6=1; ip -6 addr; sysctl -w net.ipv6.conf.all.disable_ipv6=0
[ "$(cat /proc/sys/net/ipv4/ip_forward)" -eq 1 ] && echo "forwarding is on"
[ $(sysctl -n net.ipv4.conf.eth0.proxy_arp) = 0 ] || echo "proxy arp is on"
stat -c '%a %U' /proc/sys/net/ipv4/ip_forward; test -w /proc/sys/net/ipv4/ip_forward && echo writable
