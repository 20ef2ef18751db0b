# title: Pod networks by hand: a bridge on each of two nodes, routes between them
# tags: lab kubernetes bridge forwarding
# pace: 0.15
NODES=(node1 node2); declare -A CIDR=([node1]=10.244.1 [node2]=10.244.2) ADDR=([node1]=192.168.56.11 [node2]=192.168.56.12)
ip link add name lan type bridge && ip link set lan up
for n in "${NODES[@]}"; do
  ip netns add $n
  ip link add up-$n type veth peer name eth0 netns $n
  ip link set up-$n master lan up
  ip -n $n link set lo up
  ip -n $n link set eth0 up
  ip -n $n addr add ${ADDR[$n]}/24 dev eth0
  ip netns exec $n sysctl -q -w net.ipv4.ip_forward=1
  ip -n $n link add cni0 type bridge
  ip -n $n addr add ${CIDR[$n]}.1/24 dev cni0
  ip -n $n link set cni0 up
done
addpod() {
  local node=$1 pod=$2 ip=$3
  local veth="veth$(echo -n "$pod" | md5sum | cut -c1-8)"
  ip netns add $pod
  ip -n $node link add $veth type veth peer name eth0 netns $pod
  ip -n $node link set $veth master cni0 up
  ip -n $pod link set lo up; ip -n $pod link set eth0 up
  ip -n $pod addr add $ip/24 dev eth0
  ip -n $pod route add default via ${CIDR[$node]}.1
  echo "$pod on $node: $ip via $veth"
}
addpod node1 web-1 10.244.1.2
addpod node1 web-2 10.244.1.3
addpod node2 db-1 10.244.2.2
echo "${!CIDR[@]}" | tr ' ' '\n' | sort
for n in "${NODES[@]}"; do for m in "${NODES[@]}"; do [[ $n != "$m" ]] && ip -n $n route add ${CIDR[$m]}.0/24 via ${ADDR[$m]}; done; done; true
ip -n node1 route
sleep 1
ip netns exec web-1 ping -c1 -W1 10.244.1.3 | grep -o '[0-9]* received'
ip netns exec web-1 ping -c1 -W1 10.244.2.2
ip netns exec db-1 traceroute -n -q1 10.244.1.2 | awk '{print $1,$2}'
ip netns exec web-2 ip route get 10.244.2.2
ip netns exec web-1 ip -4 -o addr show eth0 | awk '{print $4}'
ip -n node2 route del 10.244.1.0/24
ip netns exec web-1 ping -c1 -W1 10.244.2.2
ip -n node2 route add 10.244.1.0/24 via 192.168.56.99
ip netns exec web-1 ping -c1 -W1 10.244.2.2
ip -n node2 neigh show 192.168.56.99 | awk '{print $1, $NF}'
ip -n node2 route replace 10.244.1.0/24 via 192.168.56.11
ip netns exec node1 sysctl -w net.ipv4.ip_forward=0
ip netns exec web-1 ping -c1 -W1 10.244.2.2 >/dev/null; echo $?
ip netns exec web-1 ping -c1 -W1 10.244.1.1 >/dev/null; echo $?
ip netns exec node1 sysctl -w net.ipv4.ip_forward=1
ip -n web-1 route del default
ip netns exec web-1 ping -c1 -W1 10.244.2.2
ip -n web-1 route add default dev eth0
ip netns exec web-1 ping -c1 -W1 10.244.2.2
ip netns exec node1 sysctl -qw net.ipv4.conf.cni0.proxy_arp=1; ip -n web-1 neigh flush all
ip netns exec web-1 ping -c1 -W1 10.244.2.2 | tail -2 | head -1
ip -n web-1 neigh show 10.244.2.2 | awk '{print $1,$2,$3,$4}'
bridge -n node1 link | awk '{print $2, $7, $8}' | sed 's/veth[0-9a-f]*/VETH/' | sort
ip -n node1 -j link show master cni0 | jq length
ip -all netns exec ip -br -4 addr show scope global | grep -v '^$' | sed 's/@[^ ]*//'
for p in $(ip netns | awk '{print $1}' | sort); do ip netns del $p; done; ip netns
ip -br link show master lan
