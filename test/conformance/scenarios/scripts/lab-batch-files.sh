# title: Configuration files read by ip -batch and bridge -batch
# tags: batch here-docs mistakes
ip -batch - <<'EOF'
link add br0 type bridge
link add p0 address 02:00:00:00:00:10 type veth peer name q0 address 02:00:00:00:00:20
link add p1 address 02:00:00:00:00:11 type veth peer name q1 address 02:00:00:00:00:21

# a comment
link set p0 master br0
link set p1 master br0
link set br0 up
link set p0 up
link set p1 up
link set q0 up   # at the end
link set q1 up
addr add 10.0.0.1/24 dev br0
EOF
ip -br link | awk '{print $1, $2}'
cat > routes.txt <<'EOF'
route add 10.10.0.0/16 via 10.0.0.2
route add 10.20.0.0/16 via 10.0.0.3 metric 50
route add 10.30.0.0/16 dev br0 scope link
route add blackhole 10.99.0.0/16
EOF
ip -b routes.txt
ip route
ip -batch routes.txt
ip -force -batch routes.txt
echo $?
ip -batch nofile.txt
printf 'addr show dev br0\nroute show 10.30.0.0/16\n' | ip -4 -br -batch -
printf 'link set p0 upp\nlink set p0 up\n' | ip -batch -
printf 'link set p0 upp\nfoo bar\nlink set p0 up\naddr add 10.0.0.1/24 dev br0\n' | ip -force -batch -; echo $?
printf 'route add 10.40.0.0/16 \\\n  via 10.0.0.2 \\\n  metric 7\n' | ip -batch -
ip route show 10.40.0.0/16
printf 'addr add "10.0.0.7/32" dev br0\naddr add '"'10.0.0.8/32'"' dev br0\n' | ip -batch -
ip -4 -o addr show br0
bridge -batch - <<EOF
fdb add 02:00:00:00:00:99 dev p0 master static
fdb append 02:00:00:00:00:98 dev p1 master
link set dev p0 cost 7 state 3
fdb add 02:00:00:00:00:99 dev p0 master static
link set dev p1 cost 9
EOF
bridge -force -batch - <<EOF
fdb del 02:00:00:00:00:97 dev p0 master
fdb show dev nope
link set dev p1 cost 9
EOF
bridge fdb show dev p0 | grep -v -e 33:33 -e 01:00:5e # cmp: sort
bridge link show dev p1
for i in $(seq 1 40); do echo "route add 10.100.$i.0/24 via 10.0.0.$((i % 5 + 2))"; done | ip -b -
ip route | wc -l
ip route show via 10.0.0.4
ip -o -4 route show root 10.100.0.0/16 | awk '{n[$3]++} END {for (g in n) print g, n[g]}' | sort
ip route | awk '/^10.100/ {print "route del " $1}' > undo; wc -l < undo; ip -b undo; ip route
ip -s -batch - <<< 'neigh flush dev br0'
ip -n nope -batch routes.txt
ip netns add z; ip -n z -batch - <<< 'link show lo'
ip -batch routes.txt extra words
