# title: renaming veth ends: down, up, to taken and bad names
# tags: veth link
ip link add v0 type veth peer name v1
ip link set v0 name left
ip -br link
ip link set left name v1
ip link set left up
ip link set left name west
ip -br link
ip link set v1 up
ip addr add 10.0.0.1/24 dev west
ip link set west name east
ip addr show east
ip route
ip link set east name toolongnameforthis
ip link set east name "a b"
ip link set east name a/b
ip link set east name ""
ip link set east name .
ip link set east name ..
ip link set east name east
ip link set nope name x
ip link set lo name loop
ip link show loop
ip link set loop name lo
ip link property add dev east altname upstreamlink
ip link show east
ip link show upstreamlink
ip -br link show dev upstreamlink
ip link set v1 name upstreamlink
ip link property del dev east altname upstreamlink
ip link show east
ip link property del dev east altname upstreamlink
ip link set east name 'eth%d'
ip -br link
ip link set v1 name 'eth%d'
ip -br link
