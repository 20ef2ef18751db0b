# expect: passed
# Everything off and on again, with a mask in the old spelling on one machine.
#@ db
ip addr flush dev enp0s1
ip addr add {{db}}/255.255.255.0 dev enp0s1
ip route add default via {{routerA}}
#@ pc1
ip addr flush dev enp0s1
ip addr add {{pc1}}/24 brd + dev enp0s1
ip route add default via {{routerB}}
#@ router
ip addr flush dev enp0s1
ip addr add {{routerA}}/24 dev enp0s1
