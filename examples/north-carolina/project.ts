import { defineProject } from '../../transforms/contract/project.ts'

export const project = defineProject({
  name: 'north-carolina',
  title: 'Школы Северной Каролины',
  timeZone: 'America/New_York',
})
