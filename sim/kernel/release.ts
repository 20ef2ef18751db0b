/** What uname(2), /proc/version and the first line of the kernel log say of the kernel: Debian 12's. */
export const KERNEL = { release: "6.1.0-41-amd64", version: "#1 SMP PREEMPT_DYNAMIC Debian 6.1.158-1 (2025-11-09)" } as const;
