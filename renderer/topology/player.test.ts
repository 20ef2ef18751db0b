import { describe, expect, it } from "vitest";
import { packet } from "../testing/worlds.ts";
import { BUSY, Player } from "./player.ts";

const trip = [
  packet("network01", "router", { start: 1 }),
  packet("router", "network02", { start: 2, link: "c2" }),
  packet("network02", "router", { start: 3, link: "c2", reply: true }),
  packet("router", "network01", { start: 4, reply: true }),
];

describe("Player", () => {
  it("lets a packet leave a machine only after it is drawn there", () => {
    const played = new Player().add(trip, 1000, 600);
    for (let i = 1; i < played.length; i++) expect(played[i]!.from).toBeGreaterThanOrEqual(played[i - 1]!.until);
    expect(played[0]).toMatchObject({ from: 1000, until: 1600 });
  });

  it("keeps the world's order when events come shuffled", () => {
    const played = new Player().add([trip[3]!, trip[1]!, trip[0]!, trip[2]!], 0, 600);
    expect(played.map((p) => p.event.start)).toEqual([1, 2, 3, 4]);
  });

  it("shows a rate instead of shapes on a busy link", () => {
    const player = new Player();
    const many = Array.from({ length: 40 }, (_, i) => packet("network01", "router", { start: i }));
    expect(player.add(many, 0, 600).length).toBeLessThanOrEqual(BUSY);
    expect(player.rate("c1", 10)).toBe(40);
    expect(player.rate("c1", 1500)).toBe(0);
    expect(player.rate("c2", 10)).toBe(0);
  });

  it("leaves out what is more than three seconds behind and counts it", () => {
    const player = new Player();
    let shown = 0;
    for (let i = 0; i < 20; i++)
      shown += player.add(
        trip.map((e) => ({ ...e, link: `${e.link}-${i}` })),
        0,
        600,
      ).length;
    expect(player.left).toBeGreaterThan(0);
    expect(shown + player.left).toBe(80);
  });

  it("takes no time with reduced motion", () => {
    expect(new Player().add(trip, 50, 0).map((p) => [p.from, p.until])).toEqual([
      [50, 50],
      [50, 50],
      [50, 50],
      [50, 50],
    ]);
  });
});
