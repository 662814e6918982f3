import { boolean, date, decimal, nullable, origin, text } from '../contract/column.ts'
import { defineEntity } from '../contract/entity.ts'

export const school = defineEntity(import.meta.url, {
  doc: 'Строка — школа и дата справочника: что справочник говорил о ней на этот день.',
  grain: ['school_code', 'snapshot_on'],
  columns: {
    school_code: text('код школы в справочнике: постоянный ключ'),
    login: nullable(text('логин ФИС ОКО; пусто, если его нет')),
    tax_number: nullable(text('ИНН')),
    full_name: text('полное название'),
    short_name: text('краткое название'),
    school_type: text(
      'вид школы: primary — начальная, lower_secondary — основная, secondary — средняя, gymnasium — гимназия, lyceum — лицей, advanced — с углублённым изучением предметов, elementary, elementary_middle, middle, middle_high, high, combined — ступени школ США, other — другая',
    ),
    municipality_code: text('код муниципалитета; если его нет — название'),
    municipality_name: text('название муниципалитета'),
    region_code: text('код региона или all (не указан)'),
    is_rural: nullable(boolean('сельская школа')),
    founder: nullable(
      text(
        'учредитель: municipal — муниципалитет, regional — регион, federal — федеральный, private — частный',
      ),
    ),
    distance_km: nullable(decimal('расстояние до центра муниципалитета, км', 9, 3)),
    is_branch: nullable(boolean('филиал другой школы')),
    opened_on: nullable(date('первый день работы')),
    closed_on: nullable(date('последний день работы; пусто, пока школа открыта')),
    successor_code: nullable(text('школа, в состав которой вошла: её код')),
    snapshot_on: date('дата, на которую составлен справочник'),
    ...origin,
  },
})
