# title: Start-up files of a small network, one for each machine, with comments and mistakes left in
# tags: ip address route scripts
mkdir lab
cat > lab/r1.startup <<'END'
#!/bin/bash
# R1 joins the LAN 10.0.0.0/24 and the uplink
ip address add 10.0.0.1/24 dev eth0
ip link set eth0 up
ip address add 100.1.0.1/30 dev eth1
ip link set eth1 up
ip route add default via 100.1.0.2 dev eth1
sysctl -w net.ipv4.ip_forward=1
END
cat > lab/r2.startup <<'END'
ip address add 100.1.0.2/30 dev eth0
ip link set eth0 up
ip address add 200.1.1.1/24 dev eth1
ip link set dev eth1 up
ip route add 10.0.0.0/24 via 100.1.0.1
echo 1 > /proc/sys/net/ipv4/ip_forward
END
cat > lab/pc1.startup <<'END'
ip addr add 10.0.0.100/24 dev eth0
ip link set eth0 up
ip route add default via 10.0.0.1 dev eth0
END
cat > lab/server.startup <<'END'
ip addr add 200.1.1.7/24 dev eth0
# the gateway is not on the link until it is up
ip route add default via 200.1.1.1
ip link set eth0 up
ip route add default via 200.1.1.1
END
for n in r1 r2 pc1 server; do ip netns add $n; ip -n $n link set lo up; done
ip link add eth0 netns pc1 type veth peer name eth0 netns r1
ip link add eth1 netns r1 type veth peer name eth0 netns r2
ip link add eth1 netns r2 type veth peer name eth0 netns server
for n in pc1 r1 r2 server; do echo "--- $n"; ip netns exec $n bash lab/$n.startup; done
sleep 1.2
ip netns exec pc1 ping -c 1 200.1.1.7
for n in pc1 r1 r2 server; do ip -n $n -4 -br addr show up; ip -n $n route; done
ip netns exec pc1 bash lab/pc1.startup
ip netns exec server traceroute -n -q 1 10.0.0.100
bash -n lab/r1.startup && echo fine
for f in lab/*.startup; do grep -c '^ip ' $f; done
rm -r lab
