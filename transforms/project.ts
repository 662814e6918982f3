import { defineProject } from './contract/project.ts'

/** Whose forms stand in this folder, where no other project is named. */
export const project = defineProject({
  name: 'russia',
  title: 'Качество образования',
  office: 'Управление образования',
  timeZone: 'Europe/Moscow',
})
