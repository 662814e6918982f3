import { sql, type RawBuilder } from 'kysely'

const raw = (text: string): RawBuilder<string> => sql.raw<string>(text)

/** A number the Russian way with as many decimals as a column says: comma, thousands apart, real minus. */
const russian = (value: string, decimals: string): string =>
  `replace(replace(replace(case ${decimals} when 0 then format('{:t_.0f}', ${value}) when 1 then format('{:t_.1f}', ${value}) when 2 then format('{:t_.2f}', ${value}) else format('{:t_.3f}', ${value}) end, '_', chr(160)), '.', ','), '-', '−')`
const scaled = (value: string, unit: string): string =>
  `(${value} * case when ${unit} = 'share' then 100 else 1 end)`
const suffix = (unit: string): string =>
  `case when ${unit} = 'share' then chr(160) || '%' else '' end`

/** «52,4 %», «3,41», «61,9»; «—» without a value. */
export const valueText = (value: string, unit: string, decimals: string): RawBuilder<string> =>
  raw(
    `case when ${value} is null then '—' else ${russian(scaled(value, unit), decimals)} || ${suffix(unit)} end`,
  )
/** «1 234». */
export const countText = (count: string): RawBuilder<string> =>
  raw(`replace(format('{:t_}', ${count}), '_', chr(160))`)
/** «46,2–58,9 %»; empty without an interval. */
export const intervalText = (
  lo: string,
  hi: string,
  unit: string,
  decimals: string,
): RawBuilder<string> =>
  raw(
    `case when ${lo} is null or ${hi} is null then '' else ${russian(scaled(lo, unit), decimals)} || '–' || ${russian(scaled(hi, unit), decimals)} || ${suffix(unit)} end`,
  )
