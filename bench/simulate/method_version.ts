import {
  methodVersions,
  ruleVersions,
  type Method,
  type Rule,
} from '../../transforms/methods/version.ts'

const isMethod = (key: string): key is Method => key in methodVersions
const isRule = (key: string): key is Rule => key in ruleVersions

/** «wilson@1», «O10@2». */
export const versionOf = (key: string): string => {
  if (isMethod(key)) return `${key}@${methodVersions[key]}`
  if (isRule(key)) return `${key}@${ruleVersions[key]}`
  throw new RangeError(`method ${key} has no version`)
}
