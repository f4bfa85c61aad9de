import { defineConfig } from 'vitest/config'
import heddle from '@heddle/vitest'

export default defineConfig({ plugins: [heddle()] })
