// Excel-style formats (ssf) of Evidence's stock components, the Russian way: «18 286,5» and «сен 2025».
import ssf from 'ssf'

const months = {
  January: 'январь',
  February: 'февраль',
  March: 'март',
  April: 'апрель',
  May: 'май',
  June: 'июнь',
  July: 'июль',
  August: 'август',
  September: 'сентябрь',
  October: 'октябрь',
  November: 'ноябрь',
  December: 'декабрь',
  Jan: 'янв',
  Feb: 'фев',
  Mar: 'мар',
  Apr: 'апр',
  Jun: 'июн',
  Jul: 'июл',
  Aug: 'авг',
  Sep: 'сен',
  Oct: 'окт',
  Nov: 'ноя',
  Dec: 'дек',
}
const monthName = new RegExp(`\\b(${Object.keys(months).join('|')})\\b`, 'g')

if (!ssf.russian) {
  const format = ssf.format
  ssf.russian = true
  ssf.format = (code, value, options) => {
    const text = format(code, value, options)
    return typeof value === 'number'
      ? text
          .replace(/,/g, '\u00a0')
          .replace(/(\d)\.(\d)/g, '$1,$2')
          .replace(/^-/, '\u2212')
      : text.replace(monthName, (name) => months[name])
  }
}
