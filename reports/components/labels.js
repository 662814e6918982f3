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

/** Boxes along a line through points, each so short that what stands on none of them stands beside the line. */
export const along = (points, step = 4) =>
  points.slice(1).flatMap((to, at) => {
    const from = points[at]
    const parts = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / step))
    return Array.from({ length: parts }, (_, part) => {
      const [x, y] = ['x', 'y'].map((axis) =>
        [part, part + 1].map((i) => from[axis] + ((to[axis] - from[axis]) * i) / parts),
      )
      return {
        left: Math.min(...x) - 1,
        right: Math.max(...x) + 1,
        top: Math.min(...y) - 1,
        bottom: Math.max(...y) + 1,
      }
    })
  })

/**
 * Places for names: right, left, above, below of the mark, then at its corners, of the free ones that with least of the lines in it; the
 * first in the list chooses first, and a name that finds no free place is left out.
 *
 * @param names [{ text, x, y, r }]: the mark that each belongs to
 * @param taken boxes { left, right, top, bottom } where nothing may stand: all marks, other texts
 * @param bounds the box that names stay inside
 * @param lines boxes { left, right, top, bottom } along lines, through which names go as little as may be; none is left out for their sake
 * @returns the names placed, with `anchor`, `at`, `base` for a text element and `box`
 */
export const placeNames = (names, taken, bounds, size, lines = []) => {
  const beside = placed(names, taken, bounds, size, lines)
  const near = placed(names, taken, bounds, size, [])
  return beside.length < near.length ? near : beside
}
const placed = (names, taken, bounds, size, lines) => {
  const busy = [...taken]
  const found = []
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
    const free = spots.filter(
      ({ box }) =>
        box.left >= bounds.left &&
        box.right <= bounds.right &&
        box.top >= bounds.top &&
        box.bottom <= bounds.bottom &&
        !busy.some((other) => overlap(box, other)),
    )
    const [spot] = free
      .map((at) => ({ at, crossed: lines.filter((line) => overlap(at.box, line)).length }))
      .sort((a, b) => a.crossed - b.crossed)
      .map(({ at }) => at)
    if (!spot) continue
    busy.push(spot.box)
    found.push({ ...name, ...spot })
  }
  return found
}

/** Svelte action: tells the width of an element, in CSS pixels, now and whenever it changes. */
export const measured = (node, tell) => {
  const observer = new ResizeObserver(([entry]) => tell(entry.contentRect.width))
  observer.observe(node)
  return { destroy: () => observer.disconnect() }
}
