/*
 * host - bridge - router - bridge - host in ns-3, over CSMA channels of 10 Gbit/s. `ns3-path COUNT` sends COUNT small UDP datagrams, one
 * every 20 us of simulated time, and prints how many arrived and the seconds of real time that took.
 */
#include "ns3/applications-module.h"
#include "ns3/bridge-module.h"
#include "ns3/core-module.h"
#include "ns3/csma-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include <chrono>
#include <cstdio>
#include <cstdlib>

using namespace ns3;

int main(int argc, char **argv) {
  const uint32_t count = argc > 1 ? std::atoi(argv[1]) : 10000;
  NodeContainer h1(1), b1(1), r(1), b2(1), h2(1);
  CsmaHelper csma;
  csma.SetChannelAttribute("DataRate", DataRateValue(DataRate("10Gbps")));
  csma.SetChannelAttribute("Delay", TimeValue(MicroSeconds(1)));
  NetDeviceContainer w1 = csma.Install(NodeContainer(h1, b1));
  NetDeviceContainer w2 = csma.Install(NodeContainer(b1, r));
  NetDeviceContainer w3 = csma.Install(NodeContainer(r, b2));
  NetDeviceContainer w4 = csma.Install(NodeContainer(b2, h2));
  BridgeHelper bridge;
  bridge.Install(b1.Get(0), NetDeviceContainer(w1.Get(1), w2.Get(0)));
  bridge.Install(b2.Get(0), NetDeviceContainer(w3.Get(1), w4.Get(0)));
  InternetStackHelper stack;
  stack.Install(NodeContainer(h1, r, h2));
  Ipv4AddressHelper address;
  address.SetBase("10.1.0.0", "255.255.255.0");
  address.Assign(NetDeviceContainer(w1.Get(0), w2.Get(1)));
  address.SetBase("10.2.0.0", "255.255.255.0");
  Ipv4InterfaceContainer second = address.Assign(NetDeviceContainer(w4.Get(1), w3.Get(0)));
  Ipv4GlobalRoutingHelper::PopulateRoutingTables();

  UdpServerHelper server(9000);
  ApplicationContainer sink = server.Install(h2.Get(0));
  sink.Start(Seconds(0));
  // the first datagram goes alone, so that addresses are resolved when the others come
  UdpClientHelper first(second.GetAddress(0), 9000);
  first.SetAttribute("MaxPackets", UintegerValue(1));
  first.Install(h1.Get(0)).Start(MilliSeconds(500));
  UdpClientHelper client(second.GetAddress(0), 9000);
  client.SetAttribute("MaxPackets", UintegerValue(count));
  client.SetAttribute("Interval", TimeValue(MicroSeconds(20)));
  client.SetAttribute("PacketSize", UintegerValue(18));
  client.Install(h1.Get(0)).Start(Seconds(1));
  Simulator::Stop(Seconds(2) + MicroSeconds(20) * count);

  const auto from = std::chrono::steady_clock::now();
  Simulator::Run();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - from;
  std::printf("%lu %.6f\n", (unsigned long)DynamicCast<UdpServer>(sink.Get(0))->GetReceived() - 1, took.count());
  Simulator::Destroy();
  return 0;
}
