// Build-time translation of the strings that Evidence's Svelte components hold in English.
// [part of the file name, [[find, put], ...]]; a string that is no longer found fails the build.
const dict = [
  [
    'layout/BreadCrumbs.svelte',
    [
      ["path.title = 'Home'", "path.title = 'Обзор'"],
      ['text-sm capitalize gap-1', 'text-sm gap-1'],
    ],
  ],
  ['tableofcontents/ContentsList.svelte', [['On this page', 'На этой странице']]],
  [
    'header/KebabMenu.svelte',
    [
      ['Print PDF', 'Печать / PDF'],
      ["'Hide ' : 'Show '} Queries", "'Скрыть ' : 'Показать '} запросы"],
      ['Appearance', 'Оформление'],
      ["'System'", "'Как в системе'"],
      ["? 'Light'", "? 'Светлое'"],
      [": 'Dark'", ": 'Тёмное'"],
    ],
  ],
  [
    'header/Header.svelte',
    [
      ['>Close sidebar<', '>Закрыть меню<'],
      ['>Open sidebar<', '>Открыть меню<'],
    ],
  ],
  [
    'sidebar/Sidebar.svelte',
    [
      [/ capitalize/g, ''],
      ['>Close sidebar<', '>Закрыть меню<'],
    ],
  ],
  [
    'core/ECharts.svelte',
    [
      [
        "import { browser } from '$app/environment';",
        "import { browser } from '$app/environment';\n\timport { registerLocale } from 'echarts';\n\timport langRU from 'echarts/lib/i18n/langRU.js';\n\tregisterLocale('EN', langRU); // what ECharts falls back to\n",
      ],
      ['text="Save Image"', 'text="Сохранить рисунок"'],
      ['text="Download Data"', 'text="Скачать данные"'],
    ],
  ],
  [
    'map/_EChartsMap.svelte',
    [
      ['text="Save Image"', 'text="Сохранить рисунок"'],
      ['text="Download Data"', 'text="Скачать данные"'],
    ],
  ],
  ['ui/ChartLoading.svelte', [['Loading...', 'Загрузка…']]],
  ['skeletons/Skeleton.svelte', [['Loading...', 'Загрузка…']]],
  [
    'ui/DownloadData.svelte',
    [
      ["'Download'", "'Скачать CSV'"],
      ["fieldSeparator: ','", "fieldSeparator: ';'"],
      ["decimalSeparator: '.'", "decimalSeparator: ','"],
    ],
  ],
  [
    'core/SearchBar.svelte',
    [
      ["'Search'", "'Поиск'"],
      ['font-family: Arial', 'font-family: inherit'],
    ],
  ],
  ['core/EmptyChart.svelte', [["emptyMessage = 'No Records'", "emptyMessage = 'Нет данных'"]]],
  [
    'table/_DataTable.svelte',
    [
      ['>No Results<', '>Ничего не найдено<'],
      [/\bPage\n/g, 'Страница\n'],
      ['} of {totalRows.toLocaleString()} records', '} из {totalRows.toLocaleString()} записей'],
    ],
  ],
  ['table/EnterFullScreen.svelte', [['>Fullscreen<', '>Во весь экран<']]],
  ['table/TableHeader.svelte', [['>Links<', '>Ссылки<']]],
  ['table/TableRow.svelte', [['>See more<', '>Подробнее<']]],
  [
    'dropdown/Dropdown.svelte',
    [
      ['No results found.', 'Ничего не найдено'],
      ['Select all', 'Выбрать все'],
      ['Clear selection', 'Сбросить выбор'],
      ['} Selected', '} выбрано'],
    ],
  ],
]

export const russianUi = () => ({
  name: 'russian-ui',
  markup({ content, filename }) {
    const file = filename?.replaceAll('\\', '/')
    if (!file?.includes('/core-components/dist/')) return
    const entry = dict.find(([name]) => file.endsWith(name))
    if (!entry) return
    let code = content
    for (const [from, to] of entry[1]) {
      const next = code.replaceAll(from, to)
      if (next === code) throw new Error(`russian-ui: «${from}» not found in ${file}`)
      code = next
    }
    return { code }
  },
})
