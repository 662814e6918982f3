/** Headers under which people's names, documents and contacts stand, whatever the form. */
const people = [
  /^ф\.?\s*и\.?\s*о\.?(?:\s|$|[,(/])/,
  /^(?:фамили[яи]|имя|отчество)(?:$|[\s,./(](?!(?:школ|организац|учрежден|файл|лист)))/,
  /^(?:снилс|паспорт|паспортные данные|свидетельство о рождении|инн (?:физ|участник|учащ|обучающ))/,
  /^(?:серия|номер|серия и номер)\s+(?:паспорта|документа|свидетельства|аттестата)/,
  /^дата рождения/,
  /^(?:домашний адрес|адрес (?:проживания|регистрации|прописки)|место жительства)/,
  /^(?:мобильный |контактный |домашний )?телефон(?:\s+(?:родител|участник|учащ|ученик|обучающ))/,
  /^(?:surname|patronymic|first name|last name|middle name|full name of (?:pupil|student)|date of birth|birth ?date|ssn|passport)(?:$|\s)/,
  /^(?:surname|name|secondname|documentseries|documentnumber|birthdate)(?:cell|code)$/,
]

/** Whether a column that no form declares is named like people's data; takes a header key. */
export const isPersonalHeader = (key: string): boolean =>
  people.some((pattern) => pattern.test(key))

/** A text as its shape: «Иванов 12» is «Аааааа 99». */
export const shapeOf = (text: string): string =>
  text
    .slice(0, 60)
    .replace(/\p{L}/gu, (letter) => (/\p{Lu}/u.test(letter) ? 'А' : 'а'))
    .replace(/\p{N}/gu, '9')
