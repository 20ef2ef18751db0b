# expect: failed
# A route for the one machine that complained; the length stays wrong.
#@ db
ip route replace {{pc1}} via {{routerA}}
#@ pc1
ip route replace {{db}} via {{routerB}}
#@ router
ip route replace {{db}} dev enp0s1
