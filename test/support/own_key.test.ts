import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { keyFile } from '../../warehouse/secret.ts'

it('the key of a home that a test makes lies in no configuration of the user', () => {
  expect(keyFile({ id: 'home' }).startsWith(tmpdir())).toBe(true)
})
