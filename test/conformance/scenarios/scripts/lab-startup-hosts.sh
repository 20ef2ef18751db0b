# title: Start-up files of a lab, written and run for machine after machine
# tags: lab netns bash here-docs
mkdir -p lab && cd lab
cat > pc1.startup <<'EOF'
ip address add 100.1.0.2/24 dev eth0
ip route add default via 100.1.0.1 dev eth0
EOF
cat > pc2.startup <<'EOF'
ifconfig eth0 200.1.0.2/24 up
route add default gw 200.1.0.1 dev eth0
EOF
cat > r1.startup <<'EOF'
ip address add 100.1.0.1/24 dev eth0
ip address add 100.0.0.1/30 dev eth1
ip route add 200.1.0.0/24 via 100.0.0.2
echo 1 > /proc/sys/net/ipv4/ip_forward
EOF
cat > r2.startup <<'EOF'
ifconfig eth0 200.1.0.1 netmask 255.255.255.0 up
ifconfig eth1 100.0.0.2/30 up
route add -net 100.1.0.0/24 gw 100.0.0.1 dev eth1
sysctl -w net.ipv4.ip_forward=1
EOF
cat > lab.conf <<'EOF'
pc1[0]="A"
r1[0]="A"
r1[1]="B"
r2[1]="B"
r2[0]="C"
pc2[0]="C"
EOF
ls *.startup
for f in *.startup; do ip netns add "${f%.startup}"; done
ip netns | sort
for net in $(sed 's/.*"\(.*\)"/\1/' lab.conf | sort -u); do ip link add br$net type bridge && ip link set br$net up; done
while IFS='=[]' read -r host nr _ net; do
  net=${net//\"/}
  ip link add $host.$nr type veth peer name eth$nr netns $host
  ip link set $host.$nr master br$net up
  ip -n $host link set eth$nr up
  echo "$host eth$nr -> $net"
done < lab.conf
bridge link | awk '{print $2}' | sort
for f in *.startup; do echo "== $f"; ip netns exec ${f%.startup} bash -x $f; done
for h in pc1 r1 r2 pc2; do ip netns exec $h ip -4 -br addr; done
for h in pc1 r1 r2 pc2; do echo "$h:"; ip -n $h route; done
sleep 1
ip netns exec pc1 ping -c 1 -W 1 200.1.0.2
ip netns exec pc1 traceroute -n 200.1.0.2 | awk '{print $1, $2}'
ip netns exec pc2 route -n
ip netns exec r1 arp -n | awk 'NR>1{print $1,$2,$4,$5}' | sort
ip netns exec r2 ip neigh | cut -d' ' -f1-3 | sort
ip netns exec pc1 bash -c 'ping -q -c2 -i0.2 100.0.0.2 | tail -n 2 | head -1'
bash pc1.startup
for f in *.startup; do ip netns del ${f%.startup}; done
ip -br link | wc -l
