/** IPv6's share of a namespace and of a device. Placeholder types until the protocol is there; nothing uses them yet. */
export interface Ip6Ns {
  readonly family: 10;
}
export interface Inet6Dev {
  readonly family: 10;
}
export interface Dst6 {
  readonly family: 10;
}
