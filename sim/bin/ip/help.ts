/**
 * What `ip OBJECT help` writes to standard error (exit status 255). The forms are iproute2's; what is not simulated is
 * left out, so the texts are shorter than the real ones.
 */
import { exit } from "../lib/io.ts";

const IP = `Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }
       ip [ -force ] -batch filename
where  OBJECT := { address | addrlabel | amt | fou | help | ila | ioam | l2tp |
                   link | macsec | maddress | monitor | mptcp | mroute | mrule |
                   neighbor | neighbour | netconf | netns | nexthop | ntable |
                   ntbl | route | rule | sr | tap | tcpmetrics |
                   token | tunnel | tuntap | vrf | xfrm }
       OPTIONS := { -V[ersion] | -s[tatistics] | -d[etails] | -r[esolve] |
                    -h[uman-readable] | -iec | -j[son] | -p[retty] |
                    -f[amily] { inet | inet6 | mpls | bridge | link } |
                    -4 | -6 | -M | -B | -0 |
                    -l[oops] { maximum-addr-flush-attempts } | -br[ief] |
                    -o[neline] | -t[imestamp] | -ts[hort] | -b[atch] [filename] |
                    -rc[vbuf] [size] | -n[etns] name | -N[umeric] | -a[ll] |
                    -c[olor]}
`;

const TEXTS = {
  ip: IP,
  link: `Usage: ip link add [ link DEV ] [ name ] NAME
		    [ txqueuelen PACKETS ] [ address LLADDR ] [ broadcast LLADDR ]
		    [ mtu MTU ] [ index IDX ] [ numtxqueues N ] [ numrxqueues N ]
		    type TYPE [ ARGS ]

	ip link delete { DEVICE | dev DEVICE | group DEVGROUP } type TYPE [ ARGS ]

	ip link set { DEVICE | dev DEVICE | group DEVGROUP }
		[ { up | down } ]
		[ type TYPE ARGS ]
		[ { arp | dynamic | multicast | allmulticast | promisc | carrier } { on | off } ]
		[ txqueuelen PACKETS ] [ name NEWNAME ]
		[ address LLADDR ] [ broadcast LLADDR ] [ mtu MTU ]
		[ netns { PID | NAME } ] [ alias NAME ]
		[ master DEVICE | nomaster ]
		[ mode { default | dormant } ] [ state { up | down | dormant } ]
		[ addrgenmode { eui64 | none | stable_secret | random } ]

	ip link show [ DEVICE | group GROUP ] [up] [master DEV] [nomaster] [type TYPE]

	ip link property add dev DEVICE [ altname NAME .. ]
	ip link property del dev DEVICE [ altname NAME .. ]

	ip link help [ TYPE ]

TYPE := { bridge | bridge_slave | dummy | veth | vlan }
`,
  address: `Usage: ip address {add|change|replace} IFADDR dev IFNAME [ LIFETIME ]
                                                      [ CONFFLAG-LIST ]
       ip address del IFADDR dev IFNAME
       ip address flush [ dev IFNAME ] [ scope SCOPE-ID ]
                        [ to PREFIX ] [ FLAG-LIST ] [ label LABEL ] [up]
       ip address [ show [ dev IFNAME ] [ scope SCOPE-ID ] [ master DEVICE ]
                         [ nomaster ] [ type TYPE ] [ to PREFIX ] [ FLAG-LIST ]
                         [ label LABEL ] [up] ]
IFADDR := PREFIX | ADDR peer PREFIX
          [ broadcast ADDR ] [ anycast ADDR ]
          [ label IFNAME ] [ scope SCOPE-ID ] [ metric METRIC ]
SCOPE-ID := [ host | link | global | NUMBER ]
FLAG-LIST := [ FLAG-LIST ] FLAG
FLAG  := [ permanent | dynamic | secondary | primary |
           [-]tentative | [-]deprecated | [-]dadfailed | temporary |
           CONFFLAG-LIST ]
CONFFLAG-LIST := [ CONFFLAG-LIST ] CONFFLAG
CONFFLAG  := [ home | nodad | optimistic | mngtmpaddr | noprefixroute | autojoin ]
LIFETIME := [ valid_lft LFT ] [ preferred_lft LFT ]
LFT := forever | SECONDS
`,
  route: `Usage: ip route { list | flush } SELECTOR
       ip route get ADDRESS [ from ADDRESS iif STRING ] [ oif STRING ]
                            [ mark NUMBER ] [ tos TOS ] [ uid NUMBER ] [ fibmatch ]
       ip route { add | del | change | append | replace } ROUTE
SELECTOR := [ root PREFIX ] [ match PREFIX ] [ exact PREFIX ]
            [ table TABLE_ID ] [ proto RTPROTO ]
            [ type TYPE ] [ scope SCOPE ]
ROUTE := NODE_SPEC [ INFO_SPEC ]
NODE_SPEC := [ TYPE ] PREFIX [ tos TOS ]
             [ table TABLE_ID ] [ proto RTPROTO ]
             [ scope SCOPE ] [ metric METRIC ]
INFO_SPEC := NH OPTIONS [ nexthop NH ]...
NH := [ via ADDRESS ] [ dev STRING ] [ weight NUMBER ] [ onlink ]
OPTIONS := [ mtu [ lock ] NUMBER ] [ advmss NUMBER ] [ hoplimit NUMBER ] [ src ADDRESS ]
TYPE := { unicast | local | broadcast | multicast | throw |
          unreachable | prohibit | blackhole | nat }
TABLE_ID := [ local | main | default | all | NUMBER ]
SCOPE := [ host | link | global | NUMBER ]
RTPROTO := [ kernel | boot | static | NUMBER ]
`,
  neigh: `Usage: ip neigh { add | del | change | replace }
                { ADDR [ lladdr LLADDR ] [ nud STATE ] proxy ADDR }
                [ dev DEV ] [ router ] [ extern_learn ]

	ip neigh { show | flush } [ proxy ] [ to PREFIX ] [ dev DEV ] [ nud STATE ]
	ip neigh get { ADDR | proxy ADDR } [ dev DEV ]

STATE := { delay | failed | incomplete | noarp | none |
           permanent | probe | reachable | stale }
`,
  netns: `Usage:	ip netns list
	ip netns add NAME
	ip netns attach NAME PID
	ip netns set NAME NETNSID
	ip [-all] netns delete [NAME]
	ip netns identify [PID]
	ip netns pids NAME
	ip [-all] netns exec [NAME] cmd ...
	ip netns monitor
	ip netns list-id [target-nsid POSITIVE-INT] [nsid POSITIVE-INT]
NETNSID := auto | POSITIVE-INT
`,
  rule: `Usage: ip rule { add | del } SELECTOR ACTION
       ip rule [ list [ SELECTOR ]]
SELECTOR := [ not ] [ from PREFIX ] [ to PREFIX ] [ tos TOS ]
            [ fwmark FWMARK[/MASK] ]
            [ iif STRING ] [ oif STRING ] [ pref NUMBER ]
ACTION := [ table TABLE_ID ] | [ prohibit | unreachable | blackhole ]
`,
  maddress: `Usage: ip maddr show [ dev STRING ]
`,
} as const;

export type HelpTopic = keyof typeof TEXTS;

/** Prints an object's usage on standard error and ends with 255. */
export function usage(topic: HelpTopic): never {
  exit(-1, TEXTS[topic]);
}
