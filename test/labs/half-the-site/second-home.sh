# expect: failed
#@ db
ip addr add {{pc1}}/24 dev enp0s1
