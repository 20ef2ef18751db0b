# title: An office: router with three networks, static routes, aliases, and what people do wrong
# tags: lab forwarding mistakes ping
for n in gw sales tech guest srv; do ip netns add $n; ip -n $n link set lo up; done
wire() { ip link add $2 netns $1 type veth peer name $4 netns $3; ip -n $1 link set $2 up; ip -n $3 link set $4 up; }
wire gw lan0 sales eth0; wire gw lan1 tech eth0; wire gw lan2 guest eth0; wire tech eth1 srv eth0
for i in 0 1 2; do ip -n gw addr add 192.168.$i.1/24 dev lan$i; done
ip -n sales addr add 192.168.0.10/24 dev eth0; ip -n tech addr add 192.168.1.10/24 dev eth0; ip -n guest addr add 192.168.2.10/16 dev eth0
ip -n tech addr add 172.20.0.1/24 dev eth1; ip -n srv addr add 172.20.0.2/24 dev eth0
ip netns exec gw sysctl -w net.ipv4.ip_forward=1
for n in sales tech; do ip -n $n route add default via $(ip -n gw -4 -o addr show | awk -v n=$n '(n=="sales" && $2=="lan0") || (n=="tech" && $2=="lan1") {sub("/.*","",$4); print $4}'); done
ip -n srv route add default via 172.20.0.1
ip -n gw route add 172.20.0.0/24 via 192.168.1.10
sleep 1
alias sx='ip netns exec sales'
ip netns exec sales ping -c1 -W1 192.168.1.10
ip netns exec sales ping -c1 -W1 172.20.0.2
ip netns exec tech sysctl -qw net.ipv4.ip_forward=1; ip netns exec sales ping -c1 -W1 172.20.0.2
ip netns exec guest ping -c1 -W1 192.168.1.10
ip -n guest neigh show 192.168.1.10 | awk '{print $1,$NF}'
ip -n guest addr del 192.168.2.10/16 dev eth0; ip -n guest addr add 192.168.2.10/24 dev eth0
ip netns exec guest ping -c1 -W1 192.168.1.10
ip -n guest route add default via 192.168.1.1
ip -n guest route add default via 192.168.2.1; ip netns exec guest ping -c1 -W1 192.168.1.10
ip netns exec guest ping -c1 -W1 -t 1 172.20.0.2
ip netns exec guest ping -c1 -W1 -t 2 172.20.0.2
ip netns exec guest ping -c1 -W1 -I 192.168.2.10 172.20.0.2 | tail -2 | head -1
ip netns exec guest ping -c1 -W1 -I 10.9.9.9 172.20.0.2
ip netns exec guest ping -c1 -W1 -I eth7 172.20.0.2
ip netns exec guest ping -c1 -W1 192.168.2.255
ip netns exec guest ping -c1 -W1 -b 192.168.2.255
ip netns exec gw sysctl -w net.ipv4.icmp_echo_ignore_all=1; ip netns exec guest ping -c1 -W1 192.168.2.1
ip netns exec gw sysctl -w net.ipv4.icmp_echo_ignore_all=0; ip netns exec gw sysctl -w net.ipv4.icmp_echo_ignore_broadcasts=0; ip netns exec guest ping -c1 -W1 -b 192.168.2.255
ip netns exec gw sysctl -qw net.ipv4.conf.all.rp_filter=1; ip -n sales addr add 10.77.0.1/32 dev lo
ip netns exec sales ping -c1 -W1 -I 10.77.0.1 192.168.1.10
ip -n gw route add 10.77.0.1 via 192.168.0.10; ip netns exec sales ping -c1 -W1 -I 10.77.0.1 192.168.1.10
ip -n gw route get 192.168.1.10 from 10.77.0.1 iif lan0; ip -n gw route get 192.168.1.10 from 10.77.0.1 iif lan2; ip -n gw route get 192.168.1.10 from 10.78.0.1 iif lan0
ip netns exec sales traceroute -n -w 1 -q 1 172.20.0.2 | awk '{print $1,$2}'
ip netns exec sales traceroute -n -w 1 -q 1 -m 3 203.0.113.1 | awk '{print $1,$2,$4,$5}'
ip netns exec sales tracepath -n 172.20.0.2 | sed 's/ *[0-9.]*ms *//;s/  */ /g'
ip -n gw link set lan1 down; ip netns exec sales ping -c1 -W1 172.20.0.2; ip -n gw route
ip -n gw link set lan1 up; ip -n gw route; ip netns exec sales ping -c1 -W1 172.20.0.2
ip -n sales addr add 192.168.0.1/24 dev eth0; ip netns exec sales ping -c1 -W1 192.168.1.10
ip -n sales addr del 192.168.0.1/24 dev eth0; ip netns exec sales ping -c 3 -i 0.2 -W1 -q 192.168.1.10
ip netns exec sales arping -D -c 1 -w 2 -I eth0 192.168.0.1 > /dev/null; echo $?
ip netns exec sales arping -D -c 1 -w 1 -I eth0 192.168.0.99 > /dev/null; echo $?
