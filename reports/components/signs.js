// The sign and the tone of a word: a reader who sees no colour reads the same.
export const zones = {
  red: { sign: '◆', tone: 'red', word: 'красная зона' },
  yellow: { sign: '▲', tone: 'yellow', word: 'жёлтая зона' },
  watch: { sign: '◐', tone: 'watch', word: 'под наблюдением' },
  green: { sign: '●', tone: 'green', word: 'зелёная зона' },
  grey: { sign: '○', tone: 'grey', word: 'мало данных' },
}

export const trends = {
  improved: { sign: '↗', tone: 'green', word: 'улучшение' },
  declined: { sign: '↘', tone: 'red', word: 'снижение' },
  stable: { sign: '→', tone: 'grey', word: 'стабильно' },
  uncertain: { sign: '≈', tone: 'grey', word: 'неопределённо' },
  difference: { sign: 'Δ', tone: 'grey', word: 'разность двух лет' },
  insufficient: { sign: '…', tone: 'grey', word: 'мало данных' },
}

export const findings = {
  risk: { sign: '◆', tone: 'red' },
  declined: { sign: '↘', tone: 'red' },
  improved: { sign: '↗', tone: 'green' },
  objectivity: { sign: '!', tone: 'watch' },
  quality: { sign: '▤', tone: 'grey' },
}

export const deliveries = {
  delivered: { sign: '✓', tone: 'green' },
  not_delivered: { sign: '✗', tone: 'red' },
  not_required: { sign: '–', tone: 'grey' },
  zero: { sign: '0', tone: 'yellow' },
  unrecognised: { sign: '?', tone: 'yellow' },
}

export const severities = {
  error: { sign: '✗', tone: 'red' },
  warning: { sign: '!', tone: 'yellow' },
  warn: { sign: '!', tone: 'yellow' },
  info: { sign: 'i', tone: 'grey' },
  ok: { sign: '✓', tone: 'green' },
}

/** Shapes and colours of clusters in the order of their keys; the shape alone tells them apart. */
export const clusterMarks = [
  { shape: 'circle', colour: '#1d4468' },
  { shape: 'square', colour: '#b85c00' },
  { shape: 'triangle', colour: '#0b6b57' },
  { shape: 'diamond', colour: '#7a3b8f' },
  { shape: 'cross', colour: '#8a6d00' },
  { shape: 'down', colour: '#9b1c13' },
]

export const shapePath = (shape, x, y, r) =>
  ({
    circle: `M${x - r},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0`,
    square: `M${x - r * 0.9},${y - r * 0.9}h${r * 1.8}v${r * 1.8}h${-r * 1.8}z`,
    triangle: `M${x},${y - r * 1.15}L${x + r * 1.1},${y + r * 0.85}H${x - r * 1.1}z`,
    down: `M${x},${y + r * 1.15}L${x + r * 1.1},${y - r * 0.85}H${x - r * 1.1}z`,
    diamond: `M${x},${y - r * 1.25}L${x + r * 1.25},${y}L${x},${y + r * 1.25}L${x - r * 1.25},${y}z`,
    cross: `M${x - r},${y - r * 0.35}h${r * 0.65}v${-r * 0.65}h${r * 0.7}v${r * 0.65}h${r * 0.65}v${r * 0.7}h${-r * 0.65}v${r * 0.65}h${-r * 0.7}v${-r * 0.65}h${-r * 0.65}z`,
  })[shape]
