# Every host pings every other one once.
for i in $(seq 1 $HOSTS); do
  for j in $(seq 1 $HOSTS); do
    [ $i = $j ] || ip netns exec n$i ping -c 1 -W 1 10.0.0.$j
  done
done
