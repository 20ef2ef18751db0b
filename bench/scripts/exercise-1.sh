# 1. 두 개의 네트워크 네임스페이스 생성
sudo ip netns add pod-a
sudo ip netns add pod-b

# 2. veth pair 생성 및 각 네임스페이스에 할당
sudo ip link add veth-a type veth peer name veth-b
sudo ip link set veth-a netns pod-a
sudo ip link set veth-b netns pod-b

# 3. IP 주소 할당 및 인터페이스 활성화
sudo ip netns exec pod-a ip addr add 10.200.1.10/24 dev veth-a
sudo ip netns exec pod-a ip link set veth-a up
sudo ip netns exec pod-a ip link set lo up

sudo ip netns exec pod-b ip addr add 10.200.1.20/24 dev veth-b
sudo ip netns exec pod-b ip link set veth-b up
sudo ip netns exec pod-b ip link set lo up

# 4. 통신 테스트
sudo ip netns exec pod-a ping -c 3 10.200.1.20

# 5. 정리
sudo ip netns delete pod-a
sudo ip netns delete pod-b
