import { Random } from './random.ts'

export type SchoolType = 'СОШ' | 'ООШ' | 'гимназия' | 'лицей'
/** True groups of context; what a clustering by context should find again. */
export type ContextGroup =
  'city_favourable' | 'city_ordinary' | 'village_large' | 'village_remote' | 'adverse'

export type Plant =
  'improving' | 'declining' | 'risk' | 'boundary' | 'journal' | 'merged' | 'renamed'

interface Archetype {
  readonly group: ContextGroup
  readonly pupils: number
  readonly type: SchoolType
  readonly plant?: Plant
}

const of =
  (group: ContextGroup) =>
  (pupils: number, type: SchoolType = 'СОШ', plant?: Plant): Archetype =>
    plant ? { group, pupils, type, plant } : { group, pupils, type }
const favourable = of('city_favourable')
const ordinary = of('city_ordinary')
const large = of('village_large')
const remote = of('village_remote')
const adverse = of('adverse')

/**
 * The order lets a short list keep one of each kind: the first N are taken. Pupils are those of a usual year; the ends lie so far within
 * 40 and 1,200 that chance never carries a school beyond.
 */
const archetypes: readonly Archetype[] = [
  favourable(1150, 'лицей'),
  ordinary(600, 'СОШ', 'improving'),
  ordinary(720, 'СОШ', 'declining'),
  ordinary(560, 'СОШ', 'risk'),
  large(240),
  remote(48, 'ООШ', 'merged'),
  favourable(880, 'СОШ', 'boundary'),
  adverse(260),
  favourable(1080, 'гимназия'),
  ordinary(640, 'СОШ', 'journal'),
  large(400, 'СОШ', 'improving'),
  remote(90),
  ordinary(420, 'СОШ', 'renamed'),
  adverse(300, 'СОШ', 'risk'),
  large(340, 'СОШ', 'declining'),
  favourable(780, 'СОШ', 'journal'),
  ordinary(800, 'СОШ', 'boundary'),
  remote(45, 'ООШ'),
  large(300, 'СОШ', 'risk'),
  adverse(240),
  favourable(620, 'СОШ', 'declining'),
  ordinary(520, 'СОШ', 'improving'),
  remote(70, 'ООШ'),
  large(280),
  adverse(220),
  ordinary(480),
  favourable(600),
  large(260),
  remote(110),
  ordinary(450),
  adverse(200),
  large(220),
  remote(56, 'ООШ'),
  large(200),
]
export const defaultSchools = archetypes.length

export interface Context {
  readonly rural: boolean
  readonly distance: number
  readonly sen: number
  readonly disabled: number
  readonly nonNative: number
  readonly secondShift: number
  readonly pupilsPerTeacher: number
  /** Effect of the context on results, in standard deviations of the country. */
  readonly effect: number
}

const contexts: Readonly<Record<ContextGroup, Context>> = {
  city_favourable: {
    rural: false,
    distance: 2,
    sen: 0.025,
    disabled: 0.012,
    nonNative: 0.02,
    secondShift: 0.1,
    pupilsPerTeacher: 18.5,
    effect: 0.16,
  },
  city_ordinary: {
    rural: false,
    distance: 4,
    sen: 0.06,
    disabled: 0.018,
    nonNative: 0.06,
    secondShift: 0.24,
    pupilsPerTeacher: 16.5,
    effect: 0.03,
  },
  village_large: {
    rural: true,
    distance: 22,
    sen: 0.08,
    disabled: 0.022,
    nonNative: 0.04,
    secondShift: 0,
    pupilsPerTeacher: 11,
    effect: -0.04,
  },
  village_remote: {
    rural: true,
    distance: 58,
    sen: 0.1,
    disabled: 0.02,
    nonNative: 0.03,
    secondShift: 0,
    pupilsPerTeacher: 5.2,
    effect: -0.08,
  },
  adverse: {
    rural: true,
    distance: 34,
    sen: 0.21,
    disabled: 0.04,
    nonNative: 0.3,
    secondShift: 0.38,
    pupilsPerTeacher: 13.5,
    effect: -0.42,
  },
}

export interface School {
  readonly index: number
  /** Code in РИС ГИА (`Код ОО`). */
  readonly code: string
  /** Login in ФИС ОКО of our days; files before 2024 print `sch` instead of `edu`. */
  readonly login: string
  readonly inn: string
  readonly group: ContextGroup
  readonly type: SchoolType
  readonly plant: Plant | undefined
  readonly context: Context
  /** Pupils a grade in grades 1–9, on average. */
  readonly gradeSize: number
  readonly lastGrade: 9 | 11
  readonly founder: string
  readonly branch: boolean
  /** Lasting difference from what the context lets expect, in standard deviations. */
  readonly effect: number
  readonly fullName: string
  readonly shortName: string
  readonly renamed:
    { readonly from: number; readonly fullName: string; readonly shortName: string } | undefined
  readonly merged: { readonly from: number; readonly successor: string } | undefined
  readonly opened: string
}

const villages = [
  'Липовая Гряда',
  'Верхний Плёс',
  'Сосновая Заимка',
  'Каменный Ключ',
  'Малый Бережок',
  'Тихая Заводь',
  'Ольховый Лог',
  'Медвежья Поляна',
  'Новый Стан',
  'Дальний Кордон',
  'Ясная Пристань',
  'Кедровый Мыс',
  'Журавлиный Брод',
  'Старая Мельница',
  'Большая Излучина',
  'Рябиновый Яр',
  'Горелый Бор',
  'Белый Камень',
  'Лосиный Остров',
  'Песчаная Коса',
]

export const municipality = {
  name: 'Верхнереченский муниципальный округ',
  code: 'reg98_m012',
  region: 'Озёрная область',
  regionCode: '98',
} as const

const spread = (random: Random, value: number, part: number): number =>
  Math.max(0, value * (1 + part * Math.max(-2, Math.min(2, random.normal()))))

/** The schools of a sample; `first` is the first school year, from which events are counted. */
export const makeSchools = (seed: number, count: number, first: number): School[] => {
  const taken = Array.from({ length: count }, (_, index) => {
    const archetype = archetypes[index % archetypes.length] as Archetype
    // One merger and one renaming suffice, however many schools there are.
    const repeated =
      index >= archetypes.length && (archetype.plant === 'merged' || archetype.plant === 'renamed')
    return { index, ...archetype, plant: repeated ? undefined : archetype.plant }
  })
  const heir = taken.find((s) => s.group === 'village_large' && s.plant === undefined)
  const codeOf = (index: number): string => String(2101 + index * 3)
  let cityNumber = 0
  let villageNumber = 0
  return taken.map(({ index, group, pupils, type, plant }): School => {
    const random = new Random(seed, 'school', index)
    const base = contexts[group]
    const lastGrade = type === 'ООШ' ? 9 : 11
    const context: Context = {
      rural: base.rural,
      distance: Math.max(1, Math.round(spread(random, base.distance, 0.15))),
      sen: spread(random, base.sen, 0.1),
      disabled: spread(random, base.disabled, 0.1),
      nonNative: spread(random, base.nonNative, 0.1),
      secondShift: spread(random, base.secondShift, 0.08),
      pupilsPerTeacher: spread(random, base.pupilsPerTeacher, 0.06),
      effect: base.effect + (type === 'лицей' || type === 'гимназия' ? 0.3 : 0),
    }
    let full: string
    let short: string
    if (base.rural) {
      const village = villages[villageNumber % villages.length] as string
      const suffix =
        villageNumber >= villages.length
          ? ` № ${Math.floor(villageNumber / villages.length) + 1}`
          : ''
      villageNumber += 1
      const kind = type === 'ООШ' ? 'основная' : 'средняя'
      full = `Муниципальное казённое общеобразовательное учреждение «${kind[0]?.toUpperCase()}${kind.slice(1)} общеобразовательная школа с. ${village}${suffix}»`
      short = `МКОУ «${type} с. ${village}${suffix}»`
    } else {
      cityNumber += 1
      const kind =
        type === 'лицей'
          ? 'Лицей'
          : type === 'гимназия'
            ? 'Гимназия'
            : 'Средняя общеобразовательная школа'
      full = `Муниципальное бюджетное общеобразовательное учреждение «${kind} № ${cityNumber}»`
      short = `МБОУ «${type === 'СОШ' ? 'СОШ' : kind} № ${cityNumber}»`
    }
    const lasting = { risk: group === 'adverse' ? -0.62 : -0.95, improving: -0.3, declining: 0.35 }
    const effect =
      (plant === 'risk' || plant === 'improving' || plant === 'declining' ? lasting[plant] : 0) +
      0.04 * Math.max(-1.5, Math.min(1.5, random.normal()))
    return {
      index,
      code: codeOf(index),
      login: `edu${municipality.regionCode}${String(100 + ((index * 7) % 9000)).padStart(4, '0')}`,
      inn: `9801${String(200000 + index * 37).padStart(6, '0')}`,
      group,
      type,
      plant,
      context,
      gradeSize: pupils / (lastGrade === 9 ? 9 : 9.84),
      lastGrade,
      founder: 'Администрация муниципального округа',
      branch: group === 'village_remote' && pupils === 56,
      effect,
      fullName: full,
      shortName: short,
      renamed:
        plant === 'renamed'
          ? {
              from: first + 1,
              fullName:
                'Муниципальное бюджетное общеобразовательное учреждение «Образовательный центр «Перспектива»',
              shortName: 'МБОУ «ОЦ «Перспектива»',
            }
          : undefined,
      merged:
        plant === 'merged' && heir ? { from: first + 2, successor: codeOf(heir.index) } : undefined,
      opened: `01.09.${random.integer(1958, 1996)}`,
    }
  })
}

export const nameIn = (school: School, year: number): string =>
  school.renamed && year >= school.renamed.from ? school.renamed.shortName : school.shortName
export const fullNameIn = (school: School, year: number): string =>
  school.renamed && year >= school.renamed.from ? school.renamed.fullName : school.fullName

/** `edu` logins replaced the `sch` ones; both name the same school. */
export const loginIn = (school: School, year: number): string =>
  year < 2024 ? school.login.replace('edu', 'sch') : school.login

export const isOpen = (school: School, year: number): boolean =>
  !school.merged || year < school.merged.from

/** How far a school's results stand from its lasting level in a year, in standard deviations. */
export const drift = (school: School, year: number, last: number): number => {
  const step = Math.max(-3, year - last)
  return school.plant === 'improving'
    ? 0.4 + 0.22 * step
    : school.plant === 'declining'
      ? -0.4 - 0.22 * step
      : 0
}
