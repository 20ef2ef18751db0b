/**
 * Which of two Korean particles follows a word, by the sound of its last letter as read aloud: Hangul by its final
 * consonant, digits by their Sino-Korean names, Latin letters by their names where a word ends in one that is read out.
 */
const DIGIT_FINAL = "013678"; // 영 일 삼 육 칠 팔
const DIGIT_OPEN = "2459"; // 이 사 오 구
const LATIN_FINAL = "lmnrbpktcg"; // how learners read names such as "router" and "cable"

/** @param pair "이/가", "은/는", "을/를", "과/와", "으로/로": the form after a consonant first */
export function josa(word: string, pair: string): string {
  const [closed = "", open = ""] = pair.split("/");
  const last = word.replace(/[^\p{L}\p{N}]+$/u, "").at(-1) ?? "";
  const code = last.charCodeAt(0);
  if (code >= 0xac00 && code <= 0xd7a3) {
    const final = (code - 0xac00) % 28;
    // after ㄹ it is 로, not 으로
    if (closed === "으로" && final === 8) return open;
    return final === 0 ? open : closed;
  }
  if (DIGIT_OPEN.includes(last) && last !== "") return open;
  if (DIGIT_FINAL.includes(last) && last !== "") return closed === "으로" && (last === "1" || last === "7" || last === "8") ? open : closed;
  const lower = last.toLowerCase();
  if (lower === "l" && closed === "으로") return open;
  // "router" is read 라우터: a final r is silent in Korean
  if (lower === "r") return open;
  return LATIN_FINAL.includes(lower) && lower !== "" ? closed : open;
}
