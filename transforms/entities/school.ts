import { boolean, date, decimal, nullable, origin, text } from '../contract/column.ts'
import { defineEntity } from '../contract/entity.ts'

export const school = defineEntity(import.meta.url, {
  doc: 'One row per school and snapshot of a register: what the register said on that day.',
  grain: ['school_code', 'snapshot_on'],
  columns: {
    school_code: text('Durable natural key: the school’s code in the register'),
    login: nullable(text('Login in the federal assessment system; null where the school has none')),
    tax_number: nullable(text('Taxpayer number')),
    full_name: text('Full name'),
    short_name: text('Short name'),
    school_type: text(
      'primary, lower_secondary, secondary, gymnasium, lyceum, advanced, elementary, elementary_middle, middle, middle_high, high, combined, other',
    ),
    municipality_code: text('Municipality’s code, or its name where there is no code'),
    municipality_name: text('Municipality’s name'),
    region_code: text('Region’s code, or all'),
    is_rural: nullable(boolean('Stands in a village')),
    founder: nullable(text('municipal, regional, federal, private')),
    distance_km: nullable(decimal('Distance to the municipality’s centre, km', 9, 3)),
    is_branch: nullable(boolean('A branch of another school')),
    opened_on: nullable(date('First day')),
    closed_on: nullable(date('Last day; null while open')),
    successor_code: nullable(text('School that took it over')),
    snapshot_on: date('The day that the register describes'),
    ...origin,
  },
})
