import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { martSchoolProfile } from '../../../transforms/marts/mart_school_profile.ts'
import type { Tables } from '../../support/tables.ts'
import { town } from './town.ts'

let tables: Tables
beforeAll(async () => {
  tables = await town()
})
afterAll(() => {
  tables.close()
})

describe('martSchoolProfile', () => {
  it('is one row a school as it is now, with former names and what stands out in the last year', async () => {
    const [a] = await tables.read(martSchoolProfile, "school_key = 'a'")
    expect(a).toMatchObject({
      school_name: 'Лицей а',
      former_names: 'СОШ а',
      type_label: 'средняя школа',
      locality_label: 'село',
      municipality_name: 'Заречный район',
      pupils: 310,
      cluster_key: 'cluster-2',
      cluster_name: 'Крупные школы',
      red_count: 2,
      yellow_count: 0,
      improved_count: 0,
      declined_count: 1,
      marker_count: 0,
      bias_note: '',
      status: 'open',
      link: '/schools/a',
      summary: 'Показателей в красной зоне: 2, в жёлтой: 0; улучшений: 0, снижений: 1.',
    })
  })

  it('counts pooled rows of the last year only and repeats the notes of markers', async () => {
    const [c] = await tables.read(martSchoolProfile, "school_key = 'c'")
    expect(c).toMatchObject({
      former_names: '',
      type_label: 'лицей',
      locality_label: 'город',
      pupils: null,
      cluster_key: 'all',
      cluster_name: '—',
      red_count: 0,
      yellow_count: 1,
      marker_count: 1,
      bias_note: 'O7 (русский язык): у границы отметки 4',
    })
    expect(c?.summary).toContain('признаков для проверки объективности: 1.')
  })

  it('counts no zones of a school that no zone was judged of', async () => {
    const [d] = await tables.read(martSchoolProfile, "school_key = 'd'")
    expect(d?.summary).toBe('Зоны риска не оценивались; улучшений: 0, снижений: 0.')
  })

  it('says whose a school is where it is not the municipality’s own, and which is a branch', async () => {
    const rows = await tables.read(martSchoolProfile)
    expect(rows.map(({ school_key, belonging }) => [school_key, belonging]).sort()).toEqual([
      ['a', ''],
      ['b', ''],
      ['c', ''],
      ['d', 'частная, филиал'],
    ])
  })

  it('says who took over a school that is closed', async () => {
    const [b] = await tables.read(martSchoolProfile, "school_key = 'b'")
    expect(b).toMatchObject({
      status: 'merged',
      successor_key: 'c',
      successor_name: 'Школа c',
      locality_label: '',
      pupils: null,
      status_note: 'вошла в состав: Школа c',
      summary:
        'Закрыта 31.08.2024, вошла в состав другой: Школа c. Результаты до закрытия сохранены под её именем; выводы о ней больше не делаются.',
    })
    expect(await tables.read(martSchoolProfile)).toHaveLength(4)
  })
})
