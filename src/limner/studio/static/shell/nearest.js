// The nearest of some names to a word: how many letters must be changed.

/**
 * @param {string} word
 * @param {string[]} names at least one
 * @returns {string}
 */
export function nearest(word, names) {
  const wanted = word.trim().toLowerCase();
  const ranked = names.map((name) => ({ name, away: distance(wanted, name.toLowerCase()) }));
  return ranked.reduce((best, one) => (one.away < best.away ? one : best)).name;
}

/**
 * Return the names that a word finds: those that begin with it first, then those with a part that does, then any that hold it.
 * @param {string} word
 * @param {string[]} names
 * @returns {string[]}
 */
export function found(word, names) {
  const wanted = word.trim().toLowerCase();
  if (!wanted) return names;
  /** @param {string} name */
  const rank = (name) => {
    const at = name.toLowerCase().indexOf(wanted);
    if (at <= 0) return at;
    return name[at - 1] === " " ? 1 : 2;
  };
  const kept = names.map((name) => ({ name, at: rank(name) })).filter(({ at }) => at >= 0);
  return kept.sort((a, b) => a.at - b.at).map(({ name }) => name);
}

/**
 * The distance of Levenshtein.
 * @param {string} a
 * @param {string} b
 */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, k) => k);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
