import { createHash, createHmac, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { chmod, link, mkdir, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve, sep } from 'node:path'
import { MeraError, SecretInvalid } from './errors.ts'
import type { Home } from './home.ts'

/** The key of keyed hashes: equal people get equal pseudonyms within one office, and nobody without the key can try names. */
export interface Secret {
  /** Tells keys apart and gives nothing of the key away. */
  readonly fingerprint: string
  readonly key: Buffer
}

export const keyFile = (home: Pick<Home, 'id'>, environment = process.env): string =>
  resolve(environment['MERA_KEY_FILE'] ?? join(homedir(), '.config', 'mera', `${home.id}.key`))

/**
 * Reads the key, and makes it where there is none and `expected` names none.
 * @param expected fingerprint that the ledger holds, once pseudonyms were made.
 * @throws SecretInvalid when the key is gone, damaged, inside home or another one than before; MeraError when the system keeps it.
 */
export const openSecret = async (
  home: Pick<Home, 'id' | 'path'>,
  expected: string | undefined,
  environment = process.env,
): Promise<Secret> => {
  const file = keyFile(home, environment)
  if (file === home.path || file.startsWith(home.path + sep))
    throw new SecretInvalid({
      code: 'key-inside-home',
      message: `файл ключа «${file}» лежит внутри хранилища`,
      hint: 'держите ключ отдельно: кто копирует хранилище, не должен получать ключ',
      file,
    })
  const key = read(file) ?? (expected === undefined ? await create(file) : undefined)
  if (key === undefined)
    throw new SecretInvalid({
      code: 'key-missing',
      message: `нет файла ключа «${file}», которым сделаны псевдонимы этого хранилища`,
      hint: 'верните файл из резервной копии или укажите его в MERA_KEY_FILE',
      file,
    })
  const secret = secretOf(key)
  if (expected !== undefined && expected !== secret.fingerprint)
    throw new SecretInvalid({
      code: 'key-changed',
      message: `ключ «${file}» не тот, которым сделаны псевдонимы этого хранилища`,
      hint: 'верните прежний ключ: с новым одни и те же люди получили бы другие псевдонимы',
      file,
    })
  return secret
}

/** A key that nobody keeps, for looking at files without a home. */
export const passingSecret = (): Secret => secretOf(randomBytes(32))
export const secretOf = (key: Buffer): Secret => ({
  key,
  fingerprint: createHash('sha256').update('mera key\0').update(key).digest('hex').slice(0, 16),
})

const read = (file: string): Buffer | undefined => {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new MeraError({
      code: 'key-unreadable',
      message: `файл ключа «${file}» не читается`,
      hint: 'проверьте права на файл',
      file,
      cause: error,
    })
  }
  if (!/^[\da-f]{64}$/.test(text))
    throw new SecretInvalid({
      code: 'key-damaged',
      message: `в файле «${file}» не ключ`,
      hint: 'верните файл из резервной копии; ключ — 64 шестнадцатеричных знака',
      file,
    })
  return Buffer.from(text, 'hex')
}

const create = async (file: string): Promise<Buffer> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  await chmod(draft, 0o600)
  try {
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
  const key = read(file)
  if (key === undefined) throw new Error(`${file} vanished`)
  return key
}

/** 128 bits of HMAC-SHA256 over the system and the value without case, spaces, signs and «ё». */
export const pseudonym = (secret: Secret, system: string, values: readonly string[]): string =>
  createHmac('sha256', secret.key)
    .update(`${system}\0${values.map(bare).join('')}`)
    .digest('hex')
    .slice(0, 32)
/** `pseudonym` for one file, in which the same people stand many times. */
export const pseudonymsOf = (
  secret: Secret,
): ((system: string, values: readonly string[]) => string) => {
  const known = new Map<string, string>()
  return (system, values) => {
    const key = `${system}\0${values.join('\0')}`
    const found = known.get(key) ?? pseudonym(secret, system, values)
    known.set(key, found)
    return found
  }
}
const bare = (value: string): string =>
  value
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[^\p{L}\p{N}]/gu, '')
