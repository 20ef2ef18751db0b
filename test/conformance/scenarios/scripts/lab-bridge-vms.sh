# title: A bridge for machines, made with brctl and looked at with everything
# tags: bridge brctl lab
set -u
BR=br-lan
brctl addbr $BR
brctl show
brctl addbr $BR
for n in 1 2 3; do
  ip netns add vm$n
  ip link add tap$n address 02:00:00:00:01:0$n type veth peer name eth0 address 02:00:00:00:02:0$n netns vm$n
  brctl addif $BR tap$n
  ip link set tap$n up
  ip -n vm$n link set eth0 up
  ip -n vm$n addr add 192.168.50.$n/24 dev eth0
done
ip addr add 192.168.50.254/24 dev $BR
ip link set $BR up
brctl show $BR
brctl addif $BR tap1
brctl addif $BR nothere
brctl addif nobridge tap1
brctl delif $BR lo
sleep 1
ip netns exec vm1 ping -q -c 1 -W 1 192.168.50.2 | head -4 | tail -1
ip netns exec vm3 ping -q -c 1 -W 1 192.168.50.254 >/dev/null && echo reached
brctl showmacs $BR | sed 's/[0-9.]*$//' # cmp: sort
bridge fdb show br $BR | grep -v -e permanent -e 33:33 # cmp: sort
bridge link show
bridge -d link show dev tap1
brctl setageing $BR 100
brctl setfd $BR 5
brctl sethello $BR 3
brctl setmaxage $BR 30
brctl setbridgeprio $BR 100
brctl setportprio $BR tap1 10
brctl setpathcost $BR tap1 55
brctl stp $BR on
brctl stp $BR maybe
brctl showstp $BR | head -20 # cmp: squeeze mask /\d+\.\d\d/
brctl stp $BR off
ip -d link show $BR | grep -o 'ageing_time [0-9]*'
cat /sys/class/net/$BR/bridge/ageing_time
cat /sys/class/net/$BR/brif/tap1/path_cost
brctl hairpin $BR tap2 on
bridge -d link show dev tap2 | grep -o 'hairpin [a-z]*'
brctl delif $BR tap1
brctl delif $BR tap1
brctl delbr $BR
ip link set $BR down
brctl delbr $BR
brctl show
ip -br link | grep -c tap
