import { addParameters } from '../../../transforms/contract/parameter.ts'
import { subject } from '../../../transforms/parameters/subject.ts'
import { subjectName } from '../../../transforms/parameters/subject_name.ts'

const row = {
  scope: 'all',
  valid_from: null,
  valid_to: null,
  source: 'spg.csv: Reading SPG Score, Math SPG Score',
  tag: 'S',
} as const

export const ncSubject = addParameters(subject, [
  { subject: 'reading', name: 'Чтение', sort: 1, ...row },
])
export const ncSubjectName = addParameters(subjectName, [
  { printed: 'reading', subject: 'reading', ...row },
  { printed: 'math', subject: 'mathematics', ...row },
])
