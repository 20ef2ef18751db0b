# title: A little ifup of one's own that reads a file like /etc/network/interfaces
# tags: bash awk loops functions
for d in eth0 eth1; do ip link add $d type veth peer name peer-$d; ip link set peer-$d up; done
cat > interfaces <<'EOF'
# the loopback
auto lo
iface lo inet loopback

auto eth0
iface eth0 inet static
    address 192.168.10.5
    netmask 255.255.255.0
    gateway 192.168.10.1
    up ip route add 10.0.0.0/8 via 192.168.10.2 dev $IFACE
    up echo "$IFACE is up"

auto eth1
iface eth1 inet static
    address 172.16.3.9/22
    mtu 1400
    down echo bye
EOF
mask2cidr() { local n=0 o; local IFS=.; for o in $1; do while [ $o -gt 0 ]; do n=$((n + (o & 1))); o=$((o >> 1)); done; done; echo $n; }
mask2cidr 255.255.252.0
cidr2mask() { local m=$(( (0xffffffff << (32 - $1)) & 0xffffffff )); printf '%d.%d.%d.%d\n' $((m >> 24)) $((m >> 16 & 255)) $((m >> 8 & 255)) $((m & 255)); }
for p in 8 12 22 27 30; do cidr2mask $p; done
ip2int() { local a b c d; IFS=. read -r a b c d <<< "$1"; echo $(( (a << 24) + (b << 16) + (c << 8) + d )); }
int2ip() { echo "$(( $1 >> 24 & 255 )).$(( $1 >> 16 & 255 )).$(( $1 >> 8 & 255 )).$(( $1 & 255 ))"; }
int2ip $(( $(ip2int 172.16.3.9) & $(ip2int $(cidr2mask 22)) ))
awk '/^auto/ {print $2}' interfaces
my_ifup() {
  local IFACE=$1 addr= mask= gw= mtu=
  while read -r key rest; do
    case $key in
      iface) current=${rest%% *} ;;
      ''|\#*) continue ;;
      *) [ "$current" = "$IFACE" ] || continue
         case $key in
           address) addr=$rest ;;
           netmask) mask=$(mask2cidr $rest) ;;
           gateway) gw=$rest ;;
           mtu) mtu=$rest ;;
           up) ups+=("$rest") ;;
         esac ;;
    esac
  done < interfaces
  [[ $addr == */* ]] || addr+="${mask:+/$mask}"
  [ -n "$mtu" ] && ip link set "$IFACE" mtu "$mtu"
  ip link set "$IFACE" up
  [ "$addr" ] && ip addr add "$addr" brd + dev "$IFACE"
  [ "$gw" ] && ip route add default via "$gw" dev "$IFACE"
  for c in "${ups[@]}"; do eval "$c"; done
  ups=()
}
declare -a ups=()
for i in $(awk '/^auto/ && $2 != "lo" {print $2}' interfaces); do echo "Configuring $i"; my_ifup $i; done
ip -4 addr show eth0
ip -4 -o a show eth1 | awk '{print $4, $6}'
ip route
my_ifup eth0
ip -o -4 addr list eth0 | awk '{print $4}' | cut -d/ -f1
MYIP=$(ip -o -4 addr list eth0 | awk '{print $4}' | cut -d/ -f1); echo "I am $MYIP"
GW=$(ip route show default | awk '/default/ {print $3; exit}'); echo ${GW:-none}
ip route | sed -n 's/.* src \([0-9.]*\).*/\1/p' | sort -u
ip -4 route list 0/0 | grep -oP 'via \K\S+'
DEV=$(ip route get 10.1.2.3 | grep -Po '(?<=dev )(\S+)'); echo $DEV
printf '%-10s %-8s %s\n' NAME STATE ADDR; ip -br -4 addr | while read n s a rest; do printf '%-10s %-8s %s\n' "$n" "$s" "${a:--}"; done
ip link | awk -F': ' '/^[0-9]+:/ {print $2}' | cut -d@ -f1 | paste -sd,
for i in eth0 eth1; do ip addr flush dev $i; ip link set $i down; done; ip route | wc -l
test -z "$(ip route)" && echo "no routes left"
