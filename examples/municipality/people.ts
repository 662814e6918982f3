import type { Random } from './random.ts'

// Surnames are put together from parts so that they belong to nobody in particular.
const roots = [
  'Верес',
  'Ольш',
  'Тернов',
  'Лугов',
  'Камыш',
  'Ясен',
  'Полын',
  'Березн',
  'Туман',
  'Росин',
  'Клевер',
  'Заречн',
  'Мшар',
  'Кедров',
  'Ручей',
  'Снегир',
  'Осок',
  'Валун',
  'Заливн',
  'Смород',
  'Плёсов',
  'Бережк',
  'Ковыль',
  'Шелест',
]
const endings = ['ников', 'иков', 'аев', 'енков', 'ушин', 'анов', 'ухин', 'ечкин']
const boys = [
  'Артём',
  'Максим',
  'Иван',
  'Михаил',
  'Дмитрий',
  'Кирилл',
  'Егор',
  'Лев',
  'Тимофей',
  'Роман',
  'Глеб',
  'Матвей',
]
const girls = [
  'Анна',
  'Мария',
  'София',
  'Алиса',
  'Полина',
  'Дарья',
  'Ксения',
  'Вера',
  'Варвара',
  'Ульяна',
  'Кира',
  'Таисия',
]
const fathers = [
  'Андрей',
  'Сергей',
  'Алексей',
  'Николай',
  'Павел',
  'Виктор',
  'Олег',
  'Антон',
  'Евгений',
  'Денис',
]

export type Sex = 'м' | 'ж'

export interface Person {
  readonly sex: Sex
  readonly surname: string
  readonly name: string
  readonly patronymic: string
}

const patronymic = (father: string, sex: Sex): string =>
  /[йь]$/.test(father)
    ? `${father.slice(0, -1)}е${sex === 'м' ? 'вич' : 'вна'}`
    : `${father}о${sex === 'м' ? 'вич' : 'вна'}`

export const makePerson = (random: Random): Person => {
  const sex: Sex = random.chance(0.5) ? 'м' : 'ж'
  return {
    sex,
    surname: `${random.pick(roots)}${random.pick(endings)}${sex === 'м' ? '' : 'а'}`,
    name: random.pick(sex === 'м' ? boys : girls),
    patronymic: patronymic(random.pick(fathers), sex),
  }
}
