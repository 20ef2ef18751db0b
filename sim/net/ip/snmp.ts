/** IPv4's and ICMP's counters of a namespace, by the names of /proc/net/snmp (RFC 4293) as far as something here counts them. */
export class Snmp4 {
  InReceives = 0;
  InHdrErrors = 0;
  InAddrErrors = 0;
  ForwDatagrams = 0;
  InUnknownProtos = 0;
  InDiscards = 0;
  InDelivers = 0;
  OutRequests = 0;
  OutDiscards = 0;
  OutNoRoutes = 0;
  InNoRoutes = 0;
  InTruncatedPkts = 0;
  ReasmTimeout = 0;
  ReasmReqds = 0;
  ReasmOKs = 0;
  ReasmFails = 0;
  FragOKs = 0;
  FragFails = 0;
  FragCreates = 0;
  IPReversePathFilter = 0;
  icmpInMsgs = 0;
  icmpInErrors = 0;
  icmpInCsumErrors = 0;
  icmpOutMsgs = 0;
  icmpOutErrors = 0;
  icmpOutRateLimitGlobal = 0;
  icmpOutRateLimitHost = 0;
  readonly icmpInTypes: number[] = new Array<number>(19).fill(0);
  readonly icmpOutTypes: number[] = new Array<number>(19).fill(0);
  udpInDatagrams = 0;
  udpNoPorts = 0;
  udpInErrors = 0;
  udpOutDatagrams = 0;
  udpRcvbufErrors = 0;
}
