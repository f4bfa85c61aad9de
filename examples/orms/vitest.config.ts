import heddle from '@heddle/vitest'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [heddle()],
})
