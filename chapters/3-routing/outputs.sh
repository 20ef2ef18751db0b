# What the machines of chapter 3 print where its text shows it (scripts/outputs.ts makes outputs.json of this).
# lab: three-machines
# seed: 1

#@ router
#= router-before
ip -br addr
#@ network01
#= routes-before
ip route
#= unreachable
ping -c 1 192.168.100.2
#= get-unreachable
ip route get 192.168.100.2

# the first hop
#@ router
lab plug router-enp0s1
lab plug router-enp0s2
sleep 3
#= router-after
ip -br addr
#= router-routes
ip route
#@ network01
#= ping-router
ping -c 1 192.168.150.3
#= still-unreachable
ping -c 1 192.168.100.2

# neighbours
#= neigh-known
ip neigh
#= neigh-incomplete
ping -c 1 192.168.150.99 > /dev/null & sleep 1; ip neigh show 192.168.150.99
wait; sleep 3
#= neigh-failed
ping -c 1 192.168.150.99

# the road there
sudo ip route add 192.168.100.0/24 via 192.168.150.3
#= routes-there
ip route
#= get-there
ip route get 192.168.100.2
#= far-side
ping -c 1 192.168.100.3
#= lost
ping -c 4 192.168.100.2
#@ router
sudo sysctl -w net.ipv4.ip_forward=1

# the way back
#@ network02
sudo tcpdump -e -c 4 -i enp0s1 icmp > /tmp/capture 2>&1 &
#@ network01
sudo tcpdump -e -c 4 -i enp0s1 icmp > /tmp/capture 2>&1 &
sleep 1
#= lost-again
ping -c 4 192.168.100.2
#= capture-01
cat /tmp/capture
#@ network02
#= capture-02
cat /tmp/capture
#= no-way-back
ip route get 192.168.150.2
#= far-gateway
sudo ip route add 192.168.150.0/24 via 192.168.150.3
sudo ip route add 192.168.150.0/24 via 192.168.100.3
#@ network01
#= answered
ping -c 4 192.168.100.2

# hop by hop
#= ttl-1
ping -c 1 -t 1 192.168.100.2
#= traceroute
traceroute -n -q 1 -N 1 192.168.100.2
#= tracepath
tracepath -n 192.168.100.2

# the longest match
sudo ip route add 192.168.100.2/32 via 192.168.150.77
#= longest-routes
ip route
#= longest-host
ip route get 192.168.100.2
#= longest-net
ip route get 192.168.100.9
sudo ip route del 192.168.100.2/32

# explain
#= nobody-there
ping -c 1 192.168.100.77
