import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

const installed = [
  process.env['CHROME_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Headless Chromium: the system's where there is one (CHROME_PATH names another), else the one in the package @sparticuz/chromium.
 * Nothing is downloaded, and the browser asks no host by itself. Where none starts: an error in CI, else undefined and one line that
 * says how to get one.
 */
export const launchBrowser = async (): Promise<Browser | undefined> => {
  try {
    return await launch()
  } catch (error) {
    if (process.env['CI']) throw error
    process.stderr.write(
      'no browser starts: tests of pages are skipped; install Chromium or Chrome, or name one in CHROME_PATH\n',
    )
    return undefined
  }
}

const launch = async (): Promise<Browser> => {
  const system = installed.find((path) => path !== undefined && existsSync(path))
  if (system !== undefined)
    return chromium.launch({ executablePath: system, headless: true, args: quiet })
  const { default: packed } = await import('@sparticuz/chromium')
  packed.setGraphicsMode = false
  return chromium.launch({
    executablePath: await packed.executablePath(),
    headless: true,
    args: [...packed.args.filter((flag) => !/^--(single-process|headless)/.test(flag)), ...quiet],
  })
}
