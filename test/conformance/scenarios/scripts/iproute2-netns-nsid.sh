# title: In the manner of iproute2's own tests: namespace ids, set one by one and by a batch
# tags: netns nsid batch
ip netns add foobar
ip netns set foobar 37
ip netns list
ip netns list-id
ip netns set foobar 38
ip netns add other
ip netns set other 37
ip netns set other auto
ip netns list | sort
ip netns list-id | sort
ip netns del foobar
ip netns list-id | sort
cat > batch <<'END'
netns add b1
netns add b2
netns set b1 100
netns set b2 101

# links between them
link add v1 netns b1 type veth peer name v2 netns b2
-n b1 link set v1 up
netns list
END
ip -batch batch
ip netns list | sort
ip -force -batch batch
ip -n b1 -d link show v1 | head -1
ip -n b1 -br link
printf 'netns list-id\nnetns del b1\nnetns del b2\n' | ip -b -
ip netns list
ip -batch nosuch
printf 'link show nosuch\nnetns add later\n' | ip -b -
ip netns list
printf 'link show nosuch\nnetns add later\n' | ip -force -b -
ip netns list
