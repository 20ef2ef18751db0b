/** The whole numbers behind congestion control. */
import { expect, it } from "vitest";
import { cubeRoot } from "./cong.ts";

it("takes cube roots downwards", () => {
  for (const n of [0, 1, 7, 8, 9, 26, 27, 999, 1000, 2_500_000_000, 2_500_000_000 * 1000]) {
    const x = cubeRoot(n);
    expect(x ** 3 <= n && (x + 1) ** 3 > n).toBe(true);
  }
});
