# expect: failed
# network02 takes an address of network01's network.
#@ network02
ip addr add {{routerA}}/24 dev enp0s1
ip route flush {{hostA}}/32
ip route replace {{netA}} via {{routerB}}
