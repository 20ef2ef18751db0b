# expect: failed
# The router's MAC address given by hand for the one machine.
#@ db
ip neigh replace {{pc1}} lladdr 52:54:00:0c:00:03 dev enp0s1
#@ pc1
ip neigh replace {{db}} lladdr 52:54:00:0c:00:04 dev enp0s1
