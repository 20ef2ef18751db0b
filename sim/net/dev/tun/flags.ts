/** TUNSETIFF flags (linux/if_tun.h) */
export const TunF = {
  TUN: 0x0001,
  TAP: 0x0002,
  MULTI_QUEUE: 0x0100,
  PERSIST: 0x0800,
  NO_PI: 0x1000,
  ONE_QUEUE: 0x2000,
  VNET_HDR: 0x4000,
  EXCL: 0x8000,
} as const;
