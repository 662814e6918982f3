// Names beside the marks of a picture, each where nothing else stands.

/** Widths of Golos Text in shares of the size of type, a little above the true ones. */
const widths = [
  [/[A-ZА-ЯЁ№—]/, 0.76],
  [/[a-zа-яё0-9]/, 0.61],
]
export const widthOf = (text, size) =>
  size *
  [...text].reduce((sum, sign) => sum + (widths.find(([kind]) => kind.test(sign))?.[1] ?? 0.4), 0)

/** «МБОУ «СОШ № 9»» → «9», with the sign given before it; «МКОУ «СОШ с. Новый Стан»» → «с. Новый Стан». */
export const shortName = (name, sign = '') =>
  /№\s*(\d+)/.exec(name)?.[1].replace(/^/, sign) ??
  (/«(.+)»/.exec(name)?.[1] ?? name).replace(/^(СОШ|ООШ|НОШ)\s+/, '').replace(/[«»]/g, '')

export const overlap = (a, b) =>
  a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top

/** The box round a mark of radius r. */
export const around = ({ x, y, r }) => ({ left: x - r, right: x + r, top: y - r, bottom: y + r })

/**
 * Places for names: right, left, above, below of the mark, then at its corners; the first in the list chooses first, and a name that finds no
 * free place is left out.
 *
 * @param names [{ text, x, y, r }]: the mark that each belongs to
 * @param taken boxes { left, right, top, bottom } where nothing may stand: all marks, other texts
 * @param bounds the box that names stay inside
 * @returns the names placed, with `anchor`, `at`, `base` for a text element and `box`
 */
export const placeNames = (names, taken, bounds, size) => {
  const busy = [...taken]
  const placed = []
  for (const name of names) {
    const { text, x, y, r } = name
    const width = widthOf(text, size)
    const gap = r + 3
    const spots = [
      ['start', x + gap, y + size * 0.36],
      ['end', x - gap, y + size * 0.36],
      ['middle', x, y - gap - size * 0.1],
      ['middle', x, y + gap + size * 0.8],
      ['start', x + r, y - r - size * 0.1],
      ['start', x + r, y + r + size * 0.8],
      ['end', x - r, y - r - size * 0.1],
      ['end', x - r, y + r + size * 0.8],
    ].map(([anchor, at, base]) => {
      const left = anchor === 'start' ? at : anchor === 'end' ? at - width : at - width / 2
      return {
        anchor,
        at,
        base,
        box: { left, right: left + width, top: base - size * 0.8, bottom: base + size * 0.25 },
      }
    })
    const spot = spots.find(
      ({ box }) =>
        box.left >= bounds.left &&
        box.right <= bounds.right &&
        box.top >= bounds.top &&
        box.bottom <= bounds.bottom &&
        !busy.some((other) => overlap(box, other)),
    )
    if (!spot) continue
    busy.push(spot.box)
    placed.push({ ...name, ...spot })
  }
  return placed
}

/** Svelte action: tells the width of an element, in CSS pixels, now and whenever it changes. */
export const measured = (node, tell) => {
  const observer = new ResizeObserver(([entry]) => tell(entry.contentRect.width))
  observer.observe(node)
  return { destroy: () => observer.disconnect() }
}
