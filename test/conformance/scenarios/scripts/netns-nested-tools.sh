# title: Into namespaces by ip netns exec, nsenter, unshare and processes' numbers
# tags: netns nsenter unshare processes
ip netns add red; ip netns add blue
ip netns exec red sleep 60 & sleep 0.3
ip netns pids red | wc -l
ip netns identify $(ip netns pids red)
PID=$(ip netns pids red); [ -n "$PID" ] && nsenter -t $PID -n ip -br link
nsenter --net=/run/netns/blue ip link set lo up; ip -n blue -br addr | awk '{print $1,$2,$3}'
nsenter --net=/run/netns/none ip link; echo $?
ip link add up0 type veth peer name eth0
ip link set eth0 netns $PID; ip -n red -br link | awk '{print $1,$2}'
ip link set up0 netns blue; ip -br link
ip -n red link set eth0 netns blue; ip -n blue -br link | awk '{print $1,$2}'
ip -n blue link set eth0 netns 1; ip -br link | awk '{print $1,$2}'
ip link set eth0 netns blue name eth5; ip -n blue -o link | awk -F': ' '{print $2}'
unshare -n ip -br link
unshare -n bash -c 'ip link add a type veth peer name b; ip link set a up; ip -br link | awk "{print \$1,\$2}"; ls /sys/class/net'
unshare --net ip route get 127.0.0.1
ip netns exec red bash -c 'echo $$ > /tmp/pid; ip link set lo up; ping -c1 -W1 127.0.0.1 >/dev/null && echo self'
readlink /proc/self/ns/net | grep -c 'net:\['; [ "$(readlink /proc/self/ns/net)" = "$(ip netns exec red readlink /proc/self/ns/net)" ] && echo same || echo different
[ "$(stat -Lc %i /run/netns/red)" = "$(ip netns exec red readlink /proc/self/ns/net | tr -dc 0-9)" ] && echo same inode
ip netns exec red ip netns identify
ip netns identify; ip netns identify $$; ip netns identify 99999
ip netns add red; echo $?
ip netns del green; echo $?
ip netns exec green true; echo $?
ip netns exec red nosuchcommand; echo $?
ip netns exec red false; echo $?
ip netns exec red sh -c 'exit 7'; echo $?
ip netns exec; ip netns exec red; ip netns foo; ip netns add; ip netns add a/b
ip netns list | sort; ip netns | wc -l
kill %1; wait %1 2>/dev/null; ip netns pids red | wc -l
mkdir -p /etc/netns/red && echo 'nameserver 192.0.2.53' > /etc/netns/red/resolv.conf; ip netns exec red cat /etc/resolv.conf; cat /etc/resolv.conf
ip netns exec red hostname; ip netns exec red whoami; ip netns exec red pwd
ip netns attach self $$; ip netns list | grep self; ip netns del self
for ns in $(ip netns list | cut -d' ' -f1); do echo "--- $ns"; ip netns exec "$ns" ip -br link | awk '{print $1}'; done | sort
ip -all netns exec ip route add blackhole 10.0.0.0/8; ip -all netns exec ip route | grep -v '^$' | sort
ip netns del red; ip netns del blue; ls /run/netns
