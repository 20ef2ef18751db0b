# 1. 브리지 생성
sudo ip link add br0 type bridge
sudo ip link set br0 up
sudo ip addr add 10.200.1.1/24 dev br0

# 2. 세 개의 "Pod" 네임스페이스 생성
for i in 1 2 3; do
    sudo ip netns add pod-$i
    sudo ip link add veth-pod$i type veth peer name veth-br$i
    sudo ip link set veth-pod$i netns pod-$i
    sudo ip link set veth-br$i master br0
    sudo ip link set veth-br$i up
    sudo ip netns exec pod-$i ip addr add 10.200.1.1$i/24 dev veth-pod$i
    sudo ip netns exec pod-$i ip link set veth-pod$i up
    sudo ip netns exec pod-$i ip link set lo up
    sudo ip netns exec pod-$i ip route add default via 10.200.1.1
done

# 3. Pod 간 통신 테스트
sudo ip netns exec pod-1 ping -c 2 10.200.1.12  # pod-1 → pod-2
sudo ip netns exec pod-2 ping -c 2 10.200.1.13  # pod-2 → pod-3
sudo ip netns exec pod-3 ping -c 2 10.200.1.11  # pod-3 → pod-1

# 4. 브리지 상태 확인
bridge link show br0

# 5. 정리
for i in 1 2 3; do sudo ip netns delete pod-$i; done
sudo ip link delete br0
