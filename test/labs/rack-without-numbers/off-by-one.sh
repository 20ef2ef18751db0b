# expect: failed
# The network's own address for the router, and everyone one too low.
#@ router
ip addr add {{rackSecond}}/27 dev enp0s1
ip addr add {{lower}}/31 dev enp0s2
ip route add default via {{upper}}
#@ node1
ip addr add {{rackFirst}}/27 dev enp0s1
ip route add default via {{rackSecond}}
#@ node2
ip addr add {{rackLast}}/27 dev enp0s1
ip route add default via {{rackSecond}}
#@ edge
ip addr add {{upper}}/31 dev enp0s1
ip route add {{rack}} via {{lower}}
