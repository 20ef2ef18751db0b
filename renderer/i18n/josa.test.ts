import { describe, expect, it } from "vitest";
import { josa } from "./josa.ts";

describe("particles follow the sound of the word", () => {
  it.each([
    ["network01", "이/가", "이"],
    ["network02", "이/가", "가"],
    ["network03", "이/가", "이"],
    ["router", "이/가", "가"],
    ["192.168.150.3", "으로/로", "으로"],
    ["192.168.150.1", "으로/로", "로"],
    ["패킷", "을/를", "을"],
    ["경로", "을/를", "를"],
    ["실습 1", "으로/로", "로"],
    ["서울", "으로/로", "로"],
    ["route", "은/는", "는"],
    ["9", "이/가", "가"],
    ["0", "이/가", "이"],
    ["pod", "이/가", "가"],
  ])("%s + %s → %s", (word, pair, expected) => expect(josa(word, pair)).toBe(expected));
});
