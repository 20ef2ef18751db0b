# What the machines of chapter 2 print where its text shows it (scripts/outputs.ts makes outputs.json of this).
# lab: one-switch
# seed: 1

#@ admin
#= admin-addr
ip -br addr
#@ node2
#= node2-addr
ip -br addr

# heard, but not answered
sudo tcpdump -n -c 4 -i enp0s1 arp or icmp > /tmp/capture 2>&1 &
#@ admin
sleep 1
#= ping-lost
ping -c 2 192.168.108.202
#@ node2
#= capture-node2
cat /tmp/capture
#= node2-routes
ip route
#= node2-ping
ping -c 1 192.168.108.10

# the right length, a first address
#@ node3
#= node3-before
ip -br addr

# explain
#@ node1
sudo ip addr add 192.168.108.101/16 dev enp0s1
sudo ip addr del 192.168.108.101/24 dev enp0s1
#= too-short
ping -c 1 192.168.7.7

# lab: two-edges
# seed: 1

#@ router1
sudo ip addr add 192.0.2.4/31 dev enp0s2
#@ router2
sudo ip addr add 192.0.2.5/31 dev enp0s1
#= edge-local
ip route show table local

# lab: one-pod
# seed: 1

#@ pod
sudo ip addr add 10.200.0.10/32 dev eth0
#= pod-no-routes
ip route
#= pod-refused
sudo ip route add default via 169.254.1.1
sudo ip route add 169.254.1.1 dev eth0
sudo ip route add default via 169.254.1.1
#= pod-ping
ping -c 1 192.168.108.1
#= pod-neigh
ip neigh
#@ node1
#= node1-routes
ip route
