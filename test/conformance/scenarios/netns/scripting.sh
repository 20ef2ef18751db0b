# title: loops, functions and pipes over namespaces
# tags: netns shell
mk() { ip netns add $1 && ip -n $1 link set lo up; }
for n in red green blue; do mk $n || break; done
mk red; echo "status $?"
ip netns | sort | while read n rest; do echo "$n: $(ip -n $n -br addr show lo | awk '{print $3}')"; done
for n in $(ip netns list | awk '{print $1}' | sort); do ip netns exec $n sh -c 'echo "in $(ip netns identify $$)"'; done
i=0; for n in red green blue; do i=$((i+1)); ip link add v$i type veth peer name eth0 netns $n; ip addr add 10.0.$i.1/24 dev v$i; ip -n $n addr add 10.0.$i.2/24 dev eth0; ip link set v$i up; ip -n $n link set eth0 up; done
ip -br -4 addr
for i in 1 2 3; do ping -q -c 1 -W 1 10.0.$i.2 | grep -c ' 0% packet loss'; done
ip -o -4 addr show | awk '{print $2, $4}'
ip -j addr show v1 | grep -o '"local":"10[^"]*"'
ip route | cut -d' ' -f1,3 | sort
ip netns exec red ip route get 10.0.1.1 | head -1
if ip netns exec red ping -c 1 -W 1 10.0.2.2 >/dev/null 2>&1; then echo reachable; else echo "not reachable: $?"; fi
ip netns exec red ping -c 1 -W 1 10.0.2.2 2>&1 | tail -1
ip netns exec nope true || echo "code $?"
ip netns exec red ip link show eth0 | sed -n '1s/^[0-9]*: //p'
ip link show | grep -c '^[0-9]'
ip link | awk -F': ' '/^[0-9]/{print $2}'
ip netns list | xargs -n1 | grep -v id | head -2 # cmp: any
for n in red green blue; do ip netns del $n; done; sleep 0.5; ip -br link; ip netns | wc -l
cat <<EOF > /root/setup.sh
set -e
ip netns add x
ip -n x link add d0 type veth peer name d1
ip -n x link set d0 nosuch
echo never
EOF
bash /root/setup.sh; echo "code $?"
ip -n x -br link
ip -n x -b - <<'EOF'
link set d0 up
link set d1 up
addr add 10.0.0.1/24 dev d0
addr add bogus dev d0
link set lo up
EOF
ip -n x -br -4 addr
printf 'link show d0\nroute\n' > /root/b; ip -n x -batch /root/b
ip -n x -force -batch - <<'EOF'
addr add bogus dev d0
link set lo up
EOF
ip -n x -br -4 addr
