# title: bridge -batch, and bridges in other namespaces
# tags: bridge
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip netns add sw
ip netns exec sw sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip -n sw link add br0 address 02:00:00:00:00:b0 type bridge
for i in 1 2 3 4; do ip link add p$i address 02:00:00:00:02:0$i netns sw type veth peer name e$i address 02:00:00:00:01:0$i; ip -n sw link set p$i master br0 up; ip link set e$i up; done
ip -n sw link set br0 up
sleep 1.2
bridge link
bridge -n sw link
bridge -netns sw fdb show br br0 | grep -v -e 33:33 -e 01:00:5e
printf 'fdb add 02:00:00:00:00:91 dev p1 master static\nfdb add 02:00:00:00:00:92 dev p2 master static # two\n\n# nothing\nlink set dev p1 \\\n cost 7\nlink show dev p1\n' > good
bridge -n sw -b good
bridge -n sw -batch good
bridge -n sw -force -batch good
printf 'link set dev p1 cost 3\nlink set dev p1 frob\nlink set dev p1 cost 4\n' > bad
bridge -n sw -b bad
bridge -n sw link show dev p1
printf 'fdb add 02:00:00:00:00:99 dev p1 master\nfdb add 02:00:00:00:00:99 dev p1 master\nfdb add 02:00:00:00:00:98 dev nope\nlink set dev p2 isolated maybe\nfdb get 02:00:00:00:00:97 br br0\nfdb get 02:00:00:00:00:99 br br0\n' > mixed
bridge -n sw -b mixed
bridge -n sw -force -b mixed
cat good | bridge -n sw -force -b -
bridge -b /nope
bridge -b
printf 'frob\nlink show dev p3\n' | bridge -n sw -force -b -
printf '"link" show dev '"'"'p3'"'"'\n' | bridge -n sw -b -
bridge -n sw fdb show dev p1
ip netns del sw
bridge -n sw link
ip -br link
