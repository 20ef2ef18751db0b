# title: Hundreds of routes by loop and by batch
# tags: route batch loop
ip link set lo up
ip link add eth0 type veth peer name eth1
ip link set eth0 up; ip link set eth1 up
sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip address add 10.255.0.1/24 dev eth0
for i in $(seq 1 120); do ip route add 10.$i.0.0/16 via 10.255.0.$((i + 1)); done
ip route | wc -l
ip route show 10.77.0.0/16
for i in $(seq 1 60); do echo "route add 172.16.$i.0/24 via 10.255.0.2 metric $i"; done > routes
ip -batch routes && ip route show root 172.16.0.0/12 | tail -3
ip -batch routes
for i in $(seq 1 60); do echo "route replace 172.16.$i.0/24 via 10.255.0.3 metric $i"; echo "address add 192.168.$i.1/24 dev eth1"; done > more
ip -batch more
ip -4 -br addr show eth1 | wc -w
ip route show 172.16.9.0/24
ip route get 172.16.9.1
ip route get 10.100.1.1
ip route show via 10.255.0.3 | wc -l
ip route show dev eth1 | head -3
ip route flush root 172.16.0.0/12
ip route | wc -l
ip route flush via 10.255.0.50
ip route show via 10.255.0.50
ip address flush dev eth1
ip -4 address show dev eth1
ip route show dev eth1
ip -s route flush root 10.0.0.0/9
ip route | wc -l
for t in $(seq 10 20); do ip route add default via 10.255.0.$t table $t; ip rule add from 10.255.$t.0/24 table $t; done
ip rule | wc -l
ip route show table 15
ip route show table all | grep -c default
for t in $(seq 10 20); do ip rule del table $t; ip route flush table $t; done
ip rule; ip route show table 15
rm routes more
