# title: settings of IPv6
# tags: ipv6 sysctl
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
ip netns exec a sysctl net.ipv6.conf.veth0 # cmp: drop /stable_secret/
ip netns exec a sysctl net.ipv6.neigh.veth0
ip netns exec a sysctl -a --pattern '^net.ipv6.(icmp|route|bind|auto|idgen|anycast|flow|ip|mld|xfrm|ioam|seg|fib|max)' 2>&1 # cmp: drop /xfrm6/
ip netns exec a sysctl -w net.ipv6.conf.all.forwarding=1
ip netns exec a sysctl net.ipv6.conf.default.forwarding net.ipv6.conf.veth0.forwarding net.ipv6.conf.lo.forwarding
ip netns exec a sysctl -w net.ipv6.conf.default.accept_ra=0
ip netns exec a sysctl net.ipv6.conf.veth0.accept_ra
ip netns exec a sysctl -w net.ipv6.conf.veth0.hop_limit=0
ip netns exec a sysctl -w net.ipv6.conf.veth0.hop_limit=17
ip netns exec a sysctl -w net.ipv6.conf.veth0.accept_ra=x
ip netns exec a sysctl -w net.ipv6.conf.veth0.autoconf=0
ip netns exec a sysctl -w net.ipv6.conf.veth0.accept_ra_defrtr=0
ip netns exec a sysctl -w net.ipv6.conf.veth0.accept_ra_pinfo=0
ip netns exec a sysctl -w net.ipv6.conf.veth0.accept_ra_rtr_pref=0
ip netns exec a sysctl -w net.ipv6.conf.veth0.accept_ra_mtu=0
ip netns exec a sysctl -w net.ipv6.conf.veth0.accept_redirects=0
ip netns exec a sysctl -w net.ipv6.conf.veth0.use_tempaddr=0
ip netns exec a sysctl -w net.ipv6.conf.veth0.router_solicitations=3
ip netns exec a sysctl -w net.ipv6.conf.veth0.accept_source_route=0
ip netns exec a sysctl -w net.ipv6.conf.veth0.ndisc_notify=1
ip netns exec a sysctl -w net.ipv6.conf.veth0.keep_addr_on_down=1
ip netns exec a sysctl -w net.ipv6.conf.all.keep_addr_on_down=1
ip netns exec a sysctl -w net.ipv6.conf.veth0.optimistic_dad=1
ip netns exec a sysctl -w net.ipv6.conf.veth0.force_mld_version=1
ip netns exec a sysctl -w net.ipv6.ip_nonlocal_bind=1
ip netns exec a sysctl -w net.ipv6.route.flush=1
ip netns exec a sysctl -w net.ipv6.route.gc_timeout=60
ip netns exec a sysctl -w net.ipv6.icmp.ratelimit=0
ip netns exec a sysctl -w net.ipv6.ip6frag_time=30
ip netns exec a sysctl -w net.ipv6.conf.nosuch.accept_ra=0
