# title: namespace ids: given, chosen, listed, seen from elsewhere
# tags: netns
ip netns add a
ip netns add b
ip netns add c
ip netns list
ip netns list-id
ip netns set a 10
ip netns list
ip netns set b 10
ip netns set b auto
ip netns set b auto
ip netns list # cmp: sort
ip netns list-id # cmp: sort
ip netns set c -1
ip netns set c abc
ip netns set c
ip netns set nope 3
ip netns set
ip -n a netns list-id
ip link add va netns a type veth peer name vb netns b
ip -n a netns list-id
ip -n a link show va
ip netns list-id target-nsid 10 # cmp: sort
ip netns list-id nsid 10
ip netns list-id nsid 99
ip netns list-id bogus
ip netns list-id target-nsid nope
ip -n a netns set b 7
ip -n a netns set c 7
ip -n a netns set c 8
ip -n a netns list-id # cmp: sort
ip netns set c 3
ip -j netns list # cmp: json sort
ip -j netns list-id # cmp: json sort
ip netns del a
ip netns list # cmp: sort
ip netns list-id # cmp: sort
