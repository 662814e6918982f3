import { decimalNumber, wholeNumber } from '../contract/shape.ts'
import { defineSource, field } from '../contract/source.ts'
import { code } from './parts/code.ts'
import { schoolCode } from './parts/school_reference.ts'

/** Extract of the federal form ОО-1 for one school: lines and numbered columns by section (DOMAIN §2.5, §2.14). */
export const oo1Extract = defineSource(import.meta.url, {
  title: 'Форма № ОО-1',
  version: 1,
  recognise: { title: /Форма\s*№\s*ОО-1/i, headers: ['line_name', 'line_code'] },
  headers: [
    {
      since: 2015,
      map: {
        '1': 'line_name',
        '2': 'line_code',
        Наименование: 'line_name',
        '№ строки': 'line_code',
      },
    },
  ],
  above: [
    /на\s+20\s+сентября\s+(?<autumn>\d{4})/i,
    /^[\s|]*Код ОО\s*:?[\s|]*(?<school_code>\d{3,6})/i,
  ],
  block: /^[\s|]*Раздел\s+(?<section>\d+)\./i,
  repeated: {
    header: /^(?:[3-9]|[1-9]\d)$/,
    shape: decimalNumber({ min: 0 }),
    doc: 'значение в графе с номером',
  },
  year: 'autumn',
  yearBegins: true,
  delivery: ['autumn', 'school_code'],
  fields: {
    autumn: field(
      'календарный год 20 сентября, на которое составлена форма; учебный год кончается в следующем',
      wholeNumber({ min: 2015, max: 2100 }),
      { required: true },
    ),
    school_code: field('код школы', schoolCode, { required: true }),
    section: field('номер раздела', wholeNumber({ min: 1, max: 99 }), { required: true }),
    line_name: field('строка формы: наименование', undefined, { harmless: true }),
    line_code: field('номер строки формы', code(/^\d{1,3}$/, 'номер строки'), { required: true }),
  },
})
